import { join } from "node:path";
import { systemClock } from "../../shared/clock.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { loadFleetConfig } from "../../shared/config/fleet-config.ts";
import { requireFolders } from "../../shared/config/folders.ts";
import { resolveAccess } from "../../shared/config/telegram-access.ts";
import { LockHeldError } from "../../shared/errors.ts";
import { type ExitCode, exitCode } from "../../shared/exit-code.ts";
import { openListener } from "../../shared/lifecycle/listener.ts";
import { LeaseHeldError } from "../../shared/lifecycle/listener-errors.ts";
import { listenerRoot, supervisorListener } from "../../shared/lifecycle/listener-root.ts";
import { LogFile } from "../../shared/log-file.ts";
import { createLog, guardStandardStreams, type Log } from "../../shared/logger.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { endOnUncaught } from "../../shared/program.ts";
import { StopSwitch, stopOnSignals } from "../../shared/stop-switch.ts";
import { untilStorageWorks } from "../../shared/storage/patience.ts";
import { TokenLock } from "./handover/token-lock.ts";
import { runFleet } from "./run-fleet.ts";
import { hostSandbox, type SandboxHost } from "./sandbox-host.ts";
import type { ConnectedSupervision, Supervision } from "./supervision.ts";

/** Killing everything takes a moment; whatever still hangs then ends with us. */
const forceDeadlineMs = 3_000;

/**
 * The supervisor from its start to its end: sandbox (when no token is set), polling lock, fleet; given back in reverse.
 * @throws OperatorError where the configuration or the environment cannot be used
 */
export async function runSupervisor(env: NodeJS.ProcessEnv, workingDir: string): Promise<ExitCode> {
  const clock = systemClock;
  const config = loadFleetConfig(readEnvironment(env, workingDir), workingDir);
  await requireFolders({ stateDir: config.stateDir, lockDir: config.environment.lockDir });
  const file = new LogFile(join(config.stateDir, "logs", "supervisor.log"));
  const logFor = (label: string): Log =>
    createLog({ label, level: config.environment.logLevel, file });
  const log = logFor("supervisor");
  const stop = new StopSwitch(clock);
  const force = new AbortController();
  const hangup: Supervision["hangup"] = { onHangup: undefined };
  endOnUncaught(log);
  for (const warning of config.warnings) log.warn(warning);
  guardStandardStreams(() => stop.pull("output_closed"));
  const onForce = (): void => {
    log.warn("second signal: ending everything at once");
    force.abort();
    // A start that hangs (a dead network disk) never hears of it.
    clock.schedule(forceDeadlineMs, () => process.exit(exitCode.unexpected));
  };
  stopOnSignals(stop, onForce, { onReload: () => hangup.onHangup?.() });
  try {
    await openAndRun({
      config,
      env,
      workingDir,
      clock,
      stop,
      hangup,
      log,
      logFor,
      force: force.signal,
    });
    log.info("stopped", { cause: stop.cause });
    if (stop.cause === "lock_lost") return exitCode.lockHeld;
    // A service manager shall start it again: nobody asked for this end.
    return stop.cause === "output_closed" ? exitCode.unexpected : exitCode.clean;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return exitCode.clean;
    if (!(error instanceof LockHeldError || error instanceof LeaseHeldError)) throw error;
    log.error(error.message);
    return error.exitCode;
  } finally {
    file.close();
  }
}

/** The supervisor is a listener, too: `tg-supervisor close supervisor` ends it, and its history says how it went. */
async function listenAndRun(supervision: ConnectedSupervision): Promise<void> {
  const { config, clock, stop, log } = supervision;
  const lease = {
    root: listenerRoot(config.stateDir, supervisorListener),
    holder: identifySelf(),
    label: supervisorListener,
    clock,
    log,
  };
  const patience = { onRefused: () => undefined, clock, random: Math.random, log };
  const listener = await untilStorageWorks(patience, stop.signal, () => openListener(lease));
  listener.closed.addEventListener("abort", () => stop.pull("closed"), { once: true });
  /** A full disk must not make a failure of a fleet that runs, nor of an ordered stop. */
  const noted = async (transition: Promise<void>): Promise<void> => {
    try {
      await transition;
    } catch (error) {
      log.error("the lifecycle files could not be written", { error });
    }
  };
  const noteStopping = (): void => void noted(listener.stopping(stop.cause ?? "failed"));
  stop.signal.addEventListener("abort", noteStopping, { once: true });
  try {
    await noted(listener.running());
    await runFleet(supervision);
    await noted(listener.stopped(stop.cause ?? "failed"));
  } catch (error) {
    await noted(listener.failed(error));
    throw error;
  }
}

async function openAndRun(supervision: Supervision): Promise<void> {
  const { config, clock, stop, log } = supervision;
  let sandbox: SandboxHost | undefined;
  try {
    const access = await resolveAccess(config, log, stop.signal, async () => {
      sandbox = await hostSandbox({
        ...config,
        port: config.sandboxPort,
        clock,
        random: Math.random,
        log,
      });
      return sandbox.door;
    });
    const botId = access.tokens.get("main")?.botId ?? 0;
    const lock = new TokenLock({
      lockDir: config.environment.lockDir,
      botId,
      mainBotId: botId,
      label: "supervisor",
      clock,
      log,
      onLost: () => {
        stop.pull("lock_lost");
      },
    });
    await lock.take(0, stop.signal);
    try {
      await listenAndRun({ ...supervision, access, lock });
    } finally {
      // The lock goes last of all that concerns Telegram: whoever takes it now finds nobody polling.
      await lock.release();
    }
  } finally {
    await sandbox?.close();
  }
}
