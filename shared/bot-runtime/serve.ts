import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { Chronicle } from "../contract/chronicle/chronicle.ts";
import { chroniclePath } from "../contract/chronicle/chronicle-line.ts";
import { readFleetStatus } from "../contract/fleet-status.ts";
import { AppendBell } from "../intake/update-log/append-bell.ts";
import type { Listener } from "../lifecycle/lease-handle.ts";
import { ListenerClosedError } from "../lifecycle/listener-errors.ts";
import type { Log } from "../logger.ts";
import type { ChatPaces } from "../outbound/pacing/chat-paces.ts";
import type { PacedBudget } from "../outbound/pacing/send-budget.ts";
import type { StopSwitch } from "../stop-switch.ts";
import { untilStorageWorks } from "../storage/patience.ts";
import type { Context } from "../telegram/bot-api.ts";
import { ErrorCounters } from "../telegram/counting/error-counters.ts";
import { BotReports } from "./bot-reports.ts";
import { mayDecide } from "./commands/may-decide.ts";
import { addStandardCommands, commandTable } from "./commands/standard-commands.ts";
import { answerUnknownWords } from "./commands/unknown-words.ts";
import type { BotDefinition } from "./define-bot.ts";
import { ownMark } from "./own-mark.ts";
import { Inbox } from "./receiving/inbox.ts";
import type { LockKeeper } from "./receiving/lock-keeper.ts";
import type { PollingAssignment } from "./receiving/polling-assignment.ts";
import { pollForToken } from "./receiving/token-polling.ts";
import { shareToken } from "./receiving/token-share.ts";
import { UpdateHandling } from "./receiving/update-handling.ts";
import { openSending, type Sending } from "./sending/sending.ts";
import { causeOf } from "./stopping/cause-of.ts";
import { Drain } from "./stopping/drain.ts";
import type { StopBudget, StopStage } from "./stopping/stop-budget.ts";
import type { SupervisorLink } from "./supervisor-link.ts";

export interface ServeDeps {
  readonly definition: BotDefinition;
  /** Every bot on this token, this one included. */
  readonly tokenBots: readonly BotDefinition[];
  readonly equipped: EquippedBot;
  readonly stop: StopSwitch;
  readonly stopBudget: StopBudget;
  readonly link: SupervisorLink;
  readonly assignment: PollingAssignment;
  /** The bot's part of what its token may send; a supervisor deals it out. */
  readonly budget: PacedBudget;
  /** Told what the other bots of the token send. */
  readonly paces: ChatPaces;
  /** Called once, when the bot reads: for what the supervisor asks about dead letters. */
  readonly onInbox: (inbox: Inbox) => void;
  readonly skipNamedLock: boolean;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * The working life of a bot that has its lease: builds it, reads and polls until the stop, then intake, lanes and the
 * rest end in this order.
 */
export async function serve(deps: ServeDeps, locks: LockKeeper, listener: Listener): Promise<void> {
  const { definition, equipped, stop, stopBudget, log, clock, random } = deps;
  const { settings } = equipped;
  const share = shareToken(definition, deps.tokenBots);
  const counters = await ErrorCounters.open({
    path: join(settings.stateDir, "listeners", settings.name, "errors.json"),
    clock,
    log,
  });
  const onReady = (): void => void noted(log, listener.running());
  const reports = new BotReports({ settings, link: deps.link, counters, onReady, clock, log });
  const onRefused = (reason: string): void => {
    reports.polling({ state: "waiting_for_storage", reason });
  };
  const patience = { onRefused, clock, random, log };
  const table = commandTable(share.isDefault ? share.commands : (definition.commands ?? []));
  const status = () => reports.status();
  const path = chroniclePath(settings.stateDir, settings.name);
  const chronicle = new Chronicle({ path, clock, log });
  let username: string | undefined;
  let inbox: Inbox | undefined;
  let sending: Sending | undefined;
  let running: Promise<void>[] = [];
  const drain = new Drain(clock, log);
  const endedByOther = (): void => {
    const why = listener.closed.reason as unknown;
    const byOperator = why instanceof ListenerClosedError && why.byOperator;
    // Only a wish to stop is remembered; files that are damaged or gone are no wish.
    if (byOperator) deps.link.send({ type: "closed" });
    stop.pull(byOperator ? "closed" : "lease_lost");
  };
  listener.closed.addEventListener("abort", endedByOther, { once: true });
  const announceStop = (): void => void noted(log, listener.stopping(stop.cause ?? "failed"));
  stop.signal.addEventListener("abort", announceStop, { once: true });
  const onError = reports.error.bind(reports);
  try {
    sending = await untilStorageWorks(patience, stop.signal, () =>
      openSending({
        ...deps,
        tagsButtons: !share.isDefault,
        signal: stop.signal,
        onError,
        chronicle,
      }),
    );
    const { bot, outbox, answers, live, goneTopics, setRich } = sending;
    const onStranger = reports.refused.bind(reports);
    const parties = { onError, onStranger, chronicle };
    const handling = new UpdateHandling({ ...deps, ...sending, ...parties, settings });
    const decides = (ctx: Context) => mayDecide(ctx, bot, handling.isAllowed);
    await definition.setup({
      bot,
      outbox,
      answer: answers.answer.bind(answers),
      answerAt: answers.answerAt.bind(answers),
      editAt: answers.editAt.bind(answers),
      deleteAt: answers.deleteAt.bind(answers),
      live: live.start.bind(live),
      onTopicGone: goneTopics.follow,
      chronicle,
      config: settings.options,
      log,
      signal: stop.signal,
      handlingOf: handling.contextOf,
      unhandled: () => (inbox?.unhandled ?? []).filter(({ update }) => handling.lets(update)),
      askForRestart: (name, userId) => {
        deps.link.send({ type: "restart_wanted", bot: name, userId });
        return deps.link.supervised;
      },
      reportSessions: (report) => {
        deps.link.send({ type: "sessions", report });
      },
      status,
      fleet: () => readFleetStatus(settings.stateDir, log),
      botId: settings.botId,
      stateDir: settings.stateDir,
      ...ownMark(settings),
      sandbox: settings.sandbox,
      files: sending.files,
      allowedUsers: settings.allowedUsers,
      mayDecide: decides,
      onStop: drain.register,
    });
    addStandardCommands(bot, {
      description: definition.description,
      table,
      status,
      setRich,
      mayDecide: decides,
      clock,
    });
    if (share.isOwn) answerUnknownWords(bot, definition.commands ?? []);
    const bell = new AppendBell();
    const parts = {
      settings,
      share,
      username: () => username,
      bell,
      handle: handling.handle,
      chronicle,
      conversationsAtOnce: definition.conversationsAtOnce,
      onActivity: () => {
        reports.work.changed();
      },
      clock,
      random,
      log,
    };
    inbox = await untilStorageWorks(patience, stop.signal, () => Inbox.open(parts));
    reports.work.follow({ inbox, outbox, budget: deps.budget });
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
      sendingApi: bot.api,
      menu: commandTable(share.commands),
      onRepeats: (updates) => {
        chronicle.note({ t: "again", at: clock.now(), u: updates });
      },
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
    const own: StopStage[] = drain.isRegistered ? ["drain"] : [];
    // Each in its own: a disk that refuses one must not keep the others from their end.
    await ended(log, inbox?.close(stopBudget.stageMs(["lanes", ...own, "outbox"])));
    await drain.run(stopBudget.stageMs(["drain", "outbox"]));
    await ended(log, sending?.close(stopBudget.stageMs(["outbox"])));
    chronicle.close();
    reports.close();
    await counters.close();
  }
}

async function ended(log: Log, closing: Promise<void> | undefined): Promise<void> {
  try {
    await closing;
  } catch (error) {
    log.error("a part of the stop failed; the rest goes on", { error });
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
