import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { readFleetStatus } from "../contract/fleet-status.ts";
import { LockHeldError, TokenRefusedError } from "../errors.ts";
import { AppendBell } from "../intake/update-log/append-bell.ts";
import type { Log } from "../logger.ts";
import type { StopCause, StopSwitch } from "../stop-switch.ts";
import { ErrorCounters } from "../telegram/error-counters.ts";
import { BotReports } from "./bot-reports.ts";
import { addStandardCommands, commandTable } from "./commands/standard-commands.ts";
import type { BotDefinition } from "./define-bot.ts";
import { Inbox } from "./receiving/inbox.ts";
import type { PollingAssignment } from "./receiving/polling-assignment.ts";
import { pollForToken } from "./receiving/token-polling.ts";
import { shareToken } from "./receiving/token-share.ts";
import { UpdateHandling } from "./receiving/update-handling.ts";
import type { SupervisorLink } from "./supervisor-link.ts";
import { buildBot } from "./telegram-bot.ts";

export interface RunBotDeps {
  readonly definition: BotDefinition;
  /** Every bot on this token, this one included. */
  readonly tokenBots: readonly BotDefinition[];
  readonly equipped: EquippedBot;
  readonly stop: StopSwitch;
  readonly link: SupervisorLink;
  readonly assignment: PollingAssignment;
  /** Called once, when the bot reads: for what the supervisor asks about dead letters. */
  readonly onInbox: (inbox: Inbox) => void;
  readonly skipNamedLock: boolean;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
}

/** How long running handlers may take at a stop (design section 7: lanes 3 s). */
const drainDeadlineMs = 3_000;

/**
 * A bot from its first call to its last: builds it, reads and polls until the stop, gives everything back in order.
 * @throws LockHeldError, TokenRefusedError, and whatever the bot's own setup throws
 */
export async function runBot(deps: RunBotDeps): Promise<void> {
  const { definition, equipped, stop, log, clock, random } = deps;
  const { settings } = equipped;
  const share = shareToken(definition, deps.tokenBots);
  const counters = await ErrorCounters.open({
    path: join(settings.stateDir, "listeners", settings.name, "errors.json"),
    clock,
    log,
  });
  const reports = new BotReports({ settings, link: deps.link, counters, clock, log });
  const telegram = buildBot(equipped, !share.isDefault);
  const handling = new UpdateHandling({
    definition,
    settings,
    bot: telegram.bot,
    onError: (error) => {
      reports.error(error);
    },
    clock,
    log,
  });
  const table = commandTable(share.isDefault ? share.commands : (definition.commands ?? []));
  let username: string | undefined;
  let inbox: Inbox | undefined;
  let running: Promise<void>[] = [];
  try {
    await definition.setup({
      bot: telegram.bot,
      config: settings.options,
      log,
      signal: stop.signal,
      handlingOf: handling.contextOf,
      status: () => reports.status(),
      fleet: () => readFleetStatus(settings.stateDir, log),
    });
    addStandardCommands(telegram.bot, {
      description: definition.description,
      table,
      status: () => reports.status(),
      clock,
    });
    const bell = new AppendBell();
    inbox = await Inbox.open({
      settings,
      share,
      username: () => username,
      bell,
      handle: handling.handle,
      onActivity: () => {
        reports.intakeChanged();
      },
      clock,
      random,
      log,
    });
    reports.follow(inbox);
    deps.onInbox(inbox);
    const reading = inbox.run(stop.signal);
    const polling = pollForToken({
      ...deps,
      settings,
      token: equipped.token,
      share,
      bell,
      reports,
      sendingApi: telegram.bot.api,
      table,
      onIntroduced: (name) => {
        username = name;
      },
    });
    running = [reading, polling];
    await Promise.all(running);
  } catch (error) {
    stop.pull(causeOf(error));
    throw error;
  } finally {
    // When one half fails the other ends with the stop; nothing may still use what is closed now.
    await Promise.allSettled(running);
    await inbox?.close(drainDeadlineMs);
    reports.close();
    telegram.close();
    await counters.close();
  }
}

function causeOf(error: unknown): StopCause {
  if (error instanceof LockHeldError) return "lock_held";
  return error instanceof TokenRefusedError ? "token_refused" : "failed";
}
