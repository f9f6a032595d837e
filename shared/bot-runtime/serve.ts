import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { readFleetStatus } from "../contract/fleet-status.ts";
import { AppendBell } from "../intake/update-log/append-bell.ts";
import type { Listener } from "../lifecycle/lease-handle.ts";
import type { Log } from "../logger.ts";
import type { StopSwitch } from "../stop-switch.ts";
import { ErrorCounters } from "../telegram/error-counters.ts";
import { BotReports } from "./bot-reports.ts";
import { causeOf } from "./cause-of.ts";
import { addStandardCommands, commandTable } from "./commands/standard-commands.ts";
import type { BotDefinition } from "./define-bot.ts";
import { Inbox } from "./receiving/inbox.ts";
import type { LockKeeper } from "./receiving/lock-keeper.ts";
import type { PollingAssignment } from "./receiving/polling-assignment.ts";
import { pollForToken } from "./receiving/token-polling.ts";
import { shareToken } from "./receiving/token-share.ts";
import { UpdateHandling } from "./receiving/update-handling.ts";
import type { SupervisorLink } from "./supervisor-link.ts";
import { buildBot } from "./telegram-bot.ts";

export interface ServeDeps {
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
 * The working life of a bot that has its lease: builds it, reads and polls until the stop, then intake, lanes and the
 * rest end in this order.
 */
export async function serve(deps: ServeDeps, locks: LockKeeper, listener: Listener): Promise<void> {
  const { definition, equipped, stop, log, clock, random } = deps;
  const { settings } = equipped;
  const share = shareToken(definition, deps.tokenBots);
  const counters = await ErrorCounters.open({
    path: join(settings.stateDir, "listeners", settings.name, "errors.json"),
    clock,
    log,
  });
  const onReady = (): void => void noted(log, listener.running());
  const reports = new BotReports({ settings, link: deps.link, counters, onReady, clock, log });
  const telegram = buildBot(equipped, !share.isDefault);
  const onError = reports.error.bind(reports);
  const handling = new UpdateHandling({
    definition,
    settings,
    bot: telegram.bot,
    onError,
    clock,
    log,
  });
  const table = commandTable(share.isDefault ? share.commands : (definition.commands ?? []));
  const status = () => reports.status();
  let username: string | undefined;
  let inbox: Inbox | undefined;
  let running: Promise<void>[] = [];
  const endedByOther = (): void => {
    deps.link.send({ type: "closed" });
    stop.pull("closed");
  };
  listener.closed.addEventListener("abort", endedByOther, { once: true });
  const announceStop = (): void => void noted(log, listener.stopping(stop.cause ?? "failed"));
  stop.signal.addEventListener("abort", announceStop, { once: true });
  try {
    await definition.setup({
      bot: telegram.bot,
      config: settings.options,
      log,
      signal: stop.signal,
      handlingOf: handling.contextOf,
      status,
      fleet: () => readFleetStatus(settings.stateDir, log),
    });
    addStandardCommands(telegram.bot, {
      description: definition.description,
      table,
      status,
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
    const polling = pollForToken({
      ...deps,
      settings,
      token: equipped.token,
      share,
      bell,
      reports,
      locks,
      listener,
      sendingApi: telegram.bot.api,
      table,
      onIntroduced: (name) => {
        username = name;
      },
    });
    running = [inbox.run(stop.signal), polling];
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

/** A full disk must not end a bot that works: the files then tell an older story, and the log says so. */
async function noted(log: Log, transition: Promise<void>): Promise<void> {
  try {
    await transition;
  } catch (error) {
    log.error("the lifecycle files could not be written", { error });
  }
}
