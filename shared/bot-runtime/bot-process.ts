import { join } from "node:path";
import { systemClock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { OperatorError } from "../errors.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { LogFile } from "../log-file.ts";
import { createLog, guardStandardStreams, type Log } from "../logger.ts";
import { ChatPaces } from "../outbound/pacing/chat-paces.ts";
import { PacedBudget, tokenPerSecond } from "../outbound/pacing/send-budget.ts";
import { endOnUncaught } from "../program.ts";
import { type StopCause, type StopSwitch, stopOnSignals } from "../stop-switch.ts";
import { type BotDefinition, defaultStopDeadlineMs } from "./define-bot.ts";
import type { Inbox } from "./receiving/inbox.ts";
import { PollingAssignment } from "./receiving/polling-assignment.ts";
import { runBot } from "./run-bot.ts";
import { StopBudget } from "./stopping/stop-budget.ts";
import { openSupervisorLink, tellFailure } from "./supervisor-link.ts";

const heldText = "Telegram polling lock is already held";

export interface BotProgram {
  readonly definition: BotDefinition;
  /** Every bot on this token, this one included. */
  readonly tokenBots: readonly BotDefinition[];
  readonly equipped: EquippedBot;
  readonly skipNamedLock: boolean;
}

/** A bot as a process: signals, supervisor, deadline of the stop, exit code. Resolves when nothing is left to do. */
export async function runBotProcess(
  { definition, tokenBots, equipped, skipNamedLock }: BotProgram,
  stop: StopSwitch,
): Promise<ExitCode> {
  const { settings } = equipped;
  const file = new LogFile(join(settings.stateDir, "logs", `${settings.name}.log`));
  const log = createLog({ label: settings.name, level: settings.logLevel, file });
  const stopDeadlineMs = definition.stopDeadlineMs ?? defaultStopDeadlineMs;
  endOnUncaught(log);
  guardStandardStreams(() => stop.pull("output_closed"));
  stopOnSignals(stop, () => {
    log.warn("second signal: ending at once");
    process.exit(exitCode.unexpected);
  });
  const stopBudget = new StopBudget({
    stop,
    stopDeadlineMs,
    clock: systemClock,
    onOver: (limitMs) => {
      log.error("the ordered stop took too long; ending now", { cause: stop.cause, limitMs });
      process.exit(exitCode.unexpected);
    },
  });
  const assignment = new PollingAssignment();
  // Until a supervisor deals by demand: what an equal deal would give.
  const budget = new PacedBudget(systemClock, tokenPerSecond / tokenBots.length);
  let inbox: Inbox | undefined;
  const link = openSupervisorLink({
    onPolling: (take) => {
      assignment.set(take);
    },
    onLockMoved: () => {
      assignment.lockMoved();
    },
    onSendShare: (perSecond) => {
      budget.setShare(perSecond);
    },
    onOthersSent: (chatId) => {
      paces.othersSent(chatId, systemClock.monotonic());
    },
    onDeadLetter: (order, seq) => {
      if (inbox !== undefined) void obey(inbox, order, seq, log);
    },
    onStop: () => stop.pull("stopped_by_supervisor"),
    onLost: () => {
      stopBudget.orphaned();
      stop.pull("supervisor_lost");
    },
  });
  const tellOthers = (chatId: number | string): void => {
    link.send({ type: "sent", chatId });
  };
  const paces = new ChatPaces(tokenBots.length === 1 ? {} : { onSent: tellOthers });
  link.send({ type: "hello", stopDeadlineMs, botId: settings.botId });
  try {
    await runBot({
      definition,
      tokenBots,
      equipped,
      stop,
      stopBudget,
      link,
      assignment,
      budget,
      paces,
      onInbox: (opened) => {
        inbox = opened;
      },
      skipNamedLock,
      log,
      clock: systemClock,
      random: Math.random,
    });
    const code = exitCodeOf(stop.cause, link.supervised);
    log.info("stopped", { cause: stop.cause, exitCode: code });
    return code;
  } catch (error) {
    const code = error instanceof OperatorError ? error.exitCode : exitCode.unexpected;
    log.error(
      describeFailure(error, settings.role),
      error instanceof OperatorError ? {} : { error },
    );
    tellFailure(link, error);
    return code;
  } finally {
    stopBudget.close();
    link.close();
    file.close();
  }
}

/** The words that operators look for: main refused is always told as main refused, whatever file said so. */
function describeFailure(error: unknown, role: "main" | "auxiliary"): string {
  if (!(error instanceof OperatorError)) return "the bot failed";
  const refused = error.exitCode === exitCode.lockHeld && !error.message.startsWith(heldText);
  return role === "main" && refused ? `${heldText}: ${error.message}` : error.message;
}

async function obey(inbox: Inbox, order: "retry" | "drop", seq: number, log: Log): Promise<void> {
  try {
    const done = order === "retry" ? inbox.retryDeadLetter(seq) : await inbox.dropDeadLetter(seq);
    log.info(done ? `dead letter: ${order}` : `dead letter: nothing to ${order}`, { seq });
  } catch (error) {
    log.error("the dead-letter list could not be changed", { seq, error });
  }
}

function exitCodeOf(cause: StopCause | undefined, supervised: boolean): ExitCode {
  if (cause === "lock_lost") return exitCode.lockHeld;
  if (cause === "lease_lost") return exitCode.configuration;
  // Under our supervisor a stalled bot is started again and not counted as a crash; others restart on failure only.
  if (cause === "polling_stalled" && !supervised) return exitCode.unexpected;
  // A service manager shall start it again: nobody asked for this end.
  return cause === "output_closed" ? exitCode.unexpected : exitCode.clean;
}
