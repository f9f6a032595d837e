import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import { pollLimits } from "../../intake/polling/poll-limits.ts";
import type { AppendBell } from "../../intake/update-log/append-bell.ts";
import type { Listener } from "../../lifecycle/lease-handle.ts";
import type { Log } from "../../logger.ts";
import type { StopSwitch } from "../../stop-switch.ts";
import type { Api } from "../../telegram/bot-api.ts";
import { classifyError } from "../../telegram/error-classifier.ts";
import { meetTelegram } from "../../telegram/meeting/meet-telegram.ts";
import { createPollingApi } from "../../telegram/polling-api.ts";
import type { BotReports } from "../bot-reports.ts";
import type { BotCommand } from "../define-bot.ts";
import type { LockKeeper } from "./lock-keeper.ts";
import { LogRetention } from "./log-retention.ts";
import type { PollingAssignment } from "./polling-assignment.ts";
import { receive, type Tenure } from "./receiving.ts";
import { pollUnder } from "./tenure-polling.ts";
import type { TokenShare } from "./token-share.ts";

export interface TokenPollingDeps {
  readonly settings: BotSettings;
  readonly token: string;
  readonly share: TokenShare;
  readonly bell: AppendBell;
  readonly reports: BotReports;
  readonly sendingApi: Api;
  /** What Telegram shows in the token's menu: the commands of all its bots, whoever polls. */
  readonly menu: readonly BotCommand[];
  /** Told the ids of updates that Telegram gave once more. */
  readonly onRepeats: (updateIds: readonly number[]) => void;
  readonly onIntroduced: (username: string | undefined) => void;
  readonly link: { readonly supervised: boolean };
  readonly locks: LockKeeper;
  readonly listener: Listener;
  readonly assignment: PollingAssignment;
  readonly skipNamedLock: boolean;
  readonly stop: StopSwitch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The polling side of a bot, until the stop. @throws LockHeldError, TokenRefusedError */
export async function pollForToken(deps: TokenPollingDeps): Promise<void> {
  const { settings, stop, reports, clock, random, log } = deps;
  const polling = createPollingApi(deps.token, settings.apiRoot);
  const meeting = {
    api: polling.api,
    botId: settings.botId,
    clock,
    random,
    onError: reports.failed.bind(reports),
    onWait: (reason: string) => {
      reports.polling({ state: "waiting_for_network", reason });
    },
  };
  const introduced = (async () => {
    deps.onIntroduced((await meetTelegram(meeting, stop.signal)).username);
  })();
  // Awaited where it matters; until then a failure must not count as unhandled.
  introduced.catch(() => undefined);
  try {
    const end = await receive(
      {
        settings,
        supervised: deps.link.supervised,
        skipNamedLock: deps.skipNamedLock,
        locks: deps.locks,
        assignment: deps.assignment,
        clock,
        log,
        report: (report) => {
          reports.polling(report);
        },
        introduced,
        poll: (tenure) => poll(deps, polling, tenure),
      },
      stop.signal,
    );
    if (end === "lock_lost") stop.pull("lock_lost");
  } finally {
    polling.close();
  }
}

async function poll(
  deps: TokenPollingDeps,
  polling: ReturnType<typeof createPollingApi>,
  tenure: Tenure,
): Promise<"ended" | "not_owner"> {
  const { settings, share, stop, reports, listener, clock, random, log } = deps;
  const retention = new LogRetention(settings.stateDir, settings.botId, share.names, clock, log);
  const menu = registerMenu(deps, tenure.signal);
  const end = await pollUnder(tenure, {
    stateDir: settings.stateDir,
    botId: settings.botId,
    bell: deps.bell,
    onEpoch: (epoch) => {
      listener.progress({ epoch });
    },
    onRepeats: deps.onRepeats,
    api: polling.api,
    rotateConnection: polling.rotate,
    allowedUpdates: () => share.allowedUpdates,
    pollTimeoutSeconds: settings.pollTimeoutSeconds,
    webhookPolicy: settings.webhook,
    clock,
    random,
    log,
    limits: pollLimits,
    onState: (report) => {
      reports.polling(report);
    },
    onTrouble: (trouble) => {
      reports.trouble(trouble);
    },
    onReady: () => {
      reports.ready();
    },
    onPollCompleted: (atMs, offset) => {
      reports.pollCompleted(atMs);
      listener.progress({ lastPollMs: atMs, ...(offset === undefined ? {} : { offset }) });
      void retention.tidy();
    },
    onError: (error) => {
      reports.error(error);
    },
    onStalled: () => {
      stop.pull("polling_stalled");
    },
  });
  await menu;
  return end === "not_owner" ? "not_owner" : "ended";
}

/** Whoever polls a token keeps its menu. Without it the bots work as well, so a failure is counted and no more. */
async function registerMenu(
  { sendingApi, menu, reports }: TokenPollingDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    const commands = menu.map(({ command, description }) => ({ command, description }));
    await sendingApi.setMyCommands({ commands }, signal);
  } catch (error) {
    reports.failed(classifyError(error, "setMyCommands"));
  }
}
