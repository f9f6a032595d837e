import { join } from "node:path";
import { aborted } from "../aborted.ts";
import type { Clock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { readFleetStatus } from "../contract/fleet-status.ts";
import { HandlingSink } from "../intake/handling-sink.ts";
import { pollLimits } from "../intake/polling/poll-limits.ts";
import { runPoller } from "../intake/polling/poller.ts";
import type { Log } from "../logger.ts";
import type { StopSwitch } from "../stop-switch.ts";
import { classifyError } from "../telegram/error-classifier.ts";
import { ErrorCounters } from "../telegram/error-counters.ts";
import { createPollingApi } from "../telegram/polling-api.ts";
import { RepeatedErrorLog } from "../telegram/repeated-error-log.ts";
import { BotReports } from "./bot-reports.ts";
import { commandTable } from "./commands/standard-commands.ts";
import type { BotDefinition } from "./define-bot.ts";
import { meetTelegram } from "./meet-telegram.ts";
import { receive } from "./receiving.ts";
import type { SupervisorLink } from "./supervisor-link.ts";
import { buildBot } from "./telegram-bot.ts";

export interface RunBotDeps {
  readonly definition: BotDefinition;
  readonly equipped: EquippedBot;
  readonly stop: StopSwitch;
  readonly link: SupervisorLink;
  readonly skipNamedLock: boolean;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * A bot from its first call to its last: builds it, receives until the stop, gives everything back.
 * @throws LockHeldError, TokenRefusedError, and whatever the bot's own setup throws
 */
export async function runBot(deps: RunBotDeps): Promise<void> {
  const { definition, equipped, stop, log, clock, random } = deps;
  const { settings, token } = equipped;
  const counters = await ErrorCounters.open({
    path: join(settings.stateDir, "listeners", settings.name, "errors.json"),
    clock,
    log,
  });
  const reports = new BotReports({ settings, link: deps.link, counters, clock, log });
  const handlerErrors = new RepeatedErrorLog(log, clock);
  const polling = createPollingApi(token, settings.apiRoot);
  const telegram = buildBot(definition, equipped, () => reports.status(), clock);
  try {
    await definition.setup({
      bot: telegram.bot,
      config: settings.options,
      log,
      signal: stop.signal,
      status: () => reports.status(),
      fleet: () => readFleetStatus(settings.stateDir, log),
    });
    telegram.addStandardCommands();
    const sink = new HandlingSink({
      handle: (update) => telegram.bot.handleUpdate(update),
      onHandlerError: (error, update) => {
        const classified = classifyError(error, "handler");
        handlerErrors.failed({
          ...classified,
          message: `handler of update ${update.update_id} failed: ${classified.message}`,
        });
        reports.error(classified);
      },
    });
    const end = await receive(
      {
        settings,
        supervised: deps.link.supervised,
        skipNamedLock: deps.skipNamedLock,
        clock,
        log,
        report: (report) => {
          reports.polling(report);
        },
        introduce: async (signal) => {
          const meeting = { api: polling.api, botId: settings.botId, clock, random, reports };
          telegram.knowUsername((await meetTelegram(meeting, signal)).username);
          await telegram
            .registerCommands(commandTable(definition), signal)
            .catch((error: unknown) => {
              reports.error(classifyError(error, "setMyCommands"));
            });
        },
        poll: (signal, ownsToken) =>
          runPoller(
            {
              botId: settings.botId,
              api: polling.api,
              rotateConnection: polling.rotate,
              sink,
              allowedUpdates: () => definition.allowedUpdates,
              pollTimeoutSeconds: settings.pollTimeoutSeconds,
              webhookPolicy: settings.webhook,
              ownsToken,
              clock,
              random,
              log,
              limits: pollLimits,
              onState: (report) => {
                reports.polling(report);
              },
              onReady: () => {
                reports.ready();
              },
              onPollCompleted: (atMs) => {
                reports.pollCompleted(atMs);
              },
              onError: (error) => {
                reports.error(error);
              },
              onStalled: () => {
                stop.pull("polling_stalled");
              },
            },
            signal,
          ),
      },
      stop.signal,
    );
    if (end === "lock_lost") stop.pull("lock_lost");
    await aborted(stop.signal);
  } finally {
    reports.polling({ state: "stopped" });
    handlerErrors.close();
    polling.close();
    telegram.close();
    await counters.close();
  }
}
