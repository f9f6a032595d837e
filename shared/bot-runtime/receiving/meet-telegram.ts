import { backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import { TokenRefusedError } from "../../errors.ts";
import type { Api, User } from "../../telegram/bot-api.ts";
import { classifyError } from "../../telegram/error-classifier.ts";
import type { BotReports } from "../bot-reports.ts";

/** The same curve as the poller's for broken networks (facts: full jitter, 0.5 s -> 30 s). */
const retryPolicy = { baseMs: 500, capMs: 30_000 };

export interface MeetingDeps {
  readonly api: Api;
  readonly botId: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly reports: BotReports;
}

/**
 * Asks Telegram who we are, again and again while it cannot be reached.
 * @throws TokenRefusedError where Telegram does not accept the token; the signal's reason
 */
export async function meetTelegram(deps: MeetingDeps, signal: AbortSignal): Promise<User> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await deps.api.getMe(signal);
    } catch (error) {
      signal.throwIfAborted();
      const classified = classifyError(error, "getMe");
      deps.reports.failed(classified);
      if (classified.kind === "auth") {
        throw new TokenRefusedError(
          `Telegram refused the token of bot ${deps.botId} (${classified.message}). Check it with @BotFather and start again.`,
        );
      }
      deps.reports.polling({ state: "waiting_for_network", reason: classified.message });
      await deps.clock.sleep(
        classified.waitMs ?? backoffMs(retryPolicy, attempt, deps.random),
        signal,
      );
    }
  }
}
