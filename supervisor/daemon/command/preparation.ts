import type { Clock } from "../../../shared/clock.ts";
import type { PollingReport } from "../../../shared/contract/polling-report.ts";
import type { Log } from "../../../shared/logger.ts";
import { acquirePollGuard, type PollGuard } from "../../../shared/polling-lock/poll-guard.ts";
import { RepeatedErrorLog } from "../../../shared/telegram/counting/repeated-error-log.ts";
import {
  askTelegram,
  type MeetingDeps,
  meetTelegram,
} from "../../../shared/telegram/meeting/meet-telegram.ts";
import { createPollingApi } from "../../../shared/telegram/polling-api.ts";
import { ensureNoWebhook } from "../../../shared/telegram/webhook.ts";

export interface PreparationDeps {
  readonly token: string;
  readonly botId: number;
  readonly apiRoot: string;
  readonly webhook: "delete" | "keep";
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly report: (report: PollingReport) => void;
}

export interface Prepared {
  /** Held by us for the command's whole life; see docs/command-bots.md for what it can and cannot do there. */
  readonly guard: PollGuard;
  /** What the operator should know of its receiving side. */
  readonly remark: string | undefined;
}

/**
 * What our own bots do for themselves before they poll, done for a program that knows nothing of it: the token is
 * checked, nobody else polls it, no webhook takes the updates away.
 * @throws TokenRefusedError; the signal's reason
 */
export async function prepare(deps: PreparationDeps, signal: AbortSignal): Promise<Prepared> {
  const { token, botId, apiRoot, clock, random, log, report } = deps;
  const { api, close } = createPollingApi(token, apiRoot);
  const errors = new RepeatedErrorLog(log, clock);
  const meeting: MeetingDeps = {
    botId,
    clock,
    random,
    onError: (error) => {
      errors.failed(error);
    },
    onWait: (reason) => {
      report({ state: "waiting_for_network", reason });
    },
  };
  let guard: PollGuard | undefined;
  try {
    await meetTelegram({ ...meeting, api }, signal);
    guard = await acquirePollGuard({
      apiRoot,
      botId,
      clock,
      signal,
      onWait: () => {
        log.warn("Another process polls this token; waiting until it has ended.", { botId });
        report({
          state: "waiting_for_guard",
          reason: "another process still polls this token",
        });
      },
    });
    const ensure = () => ensureNoWebhook({ api, policy: deps.webhook, log, signal });
    const found = await askTelegram(meeting, "getWebhookInfo", ensure, signal);
    const remark = found.kind === "kept" ? `webhook to ${found.host} kept` : undefined;
    return { guard, remark };
  } catch (error) {
    await guard?.release();
    throw error;
  } finally {
    close();
  }
}
