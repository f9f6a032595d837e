import { join } from "node:path";
import { type Cancel, systemClock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { LockHeldError, OperatorError } from "../errors.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { LogFile } from "../log-file.ts";
import { createLog, guardStandardStreams, type Log } from "../logger.ts";
import { type StopCause, type StopSwitch, stopOnSignals } from "../stop-switch.ts";
import type { BotDefinition } from "./define-bot.ts";
import { runBot } from "./run-bot.ts";
import { openSupervisorLink } from "./supervisor-link.ts";

/** Design section 7: an auxiliary bot has 5 s for its ordered stop. */
const defaultStopDeadlineMs = 5_000;
/** Design section 7: without a supervisor nobody else cleans up, so everything ends within 5 s. */
const orphanStopDeadlineMs = 4_500;

/** A bot as a process: signals, supervisor, deadline of the stop, exit code. Resolves when nothing is left to do. */
export async function runBotProcess(
  definition: BotDefinition,
  equipped: EquippedBot,
  skipNamedLock: boolean,
  stop: StopSwitch,
): Promise<ExitCode> {
  const { settings } = equipped;
  const file = new LogFile(join(settings.stateDir, "logs", `${settings.name}.log`));
  const log = createLog({ label: settings.name, level: settings.logLevel, file });
  const stopDeadlineMs = definition.stopDeadlineMs ?? defaultStopDeadlineMs;
  guardStandardStreams(() => stop.pull("output_closed"));
  stopOnSignals(stop, () => {
    log.warn("second signal: ending at once");
    process.exit(exitCode.unexpected);
  });
  const link = openSupervisorLink({
    onStop: () => stop.pull("stopped_by_supervisor"),
    onLost: () => stop.pull("supervisor_lost"),
  });
  const cancelDeadline = boundTheStop(stop, stopDeadlineMs, log);
  link.send({ type: "hello", stopDeadlineMs, botId: settings.botId });
  try {
    await runBot({
      definition,
      equipped,
      stop,
      link,
      skipNamedLock,
      log,
      clock: systemClock,
      random: Math.random,
    });
    const code = exitCodeOf(stop.cause);
    log.info("stopped", { cause: stop.cause, exitCode: code });
    return code;
  } catch (error) {
    const code = error instanceof OperatorError ? error.exitCode : exitCode.unexpected;
    stop.pull(error instanceof LockHeldError ? "lock_held" : "failed");
    log.error(
      error instanceof OperatorError ? error.message : "the bot failed",
      error instanceof OperatorError ? {} : { error },
    );
    return code;
  } finally {
    cancelDeadline();
    link.close();
    file.close();
  }
}

function exitCodeOf(cause: StopCause | undefined): ExitCode {
  return cause === "lock_lost" ? exitCode.lockHeld : exitCode.clean;
}

/** The stop has a deadline of its own: a bot that cannot finish must not outlive its promise. */
function boundTheStop(stop: StopSwitch, stopDeadlineMs: number, log: Log): Cancel {
  const timers: Cancel[] = [];
  const begin = (): void => {
    const lost = stop.cause === "supervisor_lost";
    const limitMs = lost ? Math.min(orphanStopDeadlineMs, stopDeadlineMs) : stopDeadlineMs;
    const end = (): void => {
      log.error("the ordered stop took too long; ending now", { cause: stop.cause, limitMs });
      process.exit(exitCode.unexpected);
    };
    timers.push(systemClock.schedule(limitMs, end));
  };
  stop.signal.addEventListener("abort", begin, { once: true });
  return () => {
    for (const cancel of timers) cancel();
  };
}
