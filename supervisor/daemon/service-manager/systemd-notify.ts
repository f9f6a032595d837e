import { execFile } from "node:child_process";
import { errorMessage, systemErrorCode } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";

/** Tells the service manager how the supervisor is. Nothing here ever throws. */
export interface ServiceNotifier {
  /** How often `alive` should be called, or undefined where nobody watches. Half of what systemd allows. */
  readonly watchdogEveryMs: number | undefined;
  /** The first poll is completed. */
  ready(status: string): Promise<void>;
  /** One line for `systemctl status`. */
  status(text: string): Promise<void>;
  /** The ordered stop has begun. */
  stopping(status: string): Promise<void>;
  /**
   * Feeds the watchdog. To be called because of completed polls, or of bots that are known to wait for the network;
   * a bare timer would feed it for a dead fleet.
   */
  alive(): Promise<void>;
}

export interface NotifierOptions {
  /** Read for NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID and PATH. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly pid: number;
  readonly log: Log;
}

/** systemd-notify waits until systemd has read the message; a systemd that hangs must not hold us up. */
const notifyTimeoutMs = 5_000;

/**
 * Node has no unix datagram sockets, so the `systemd-notify` program speaks for us (hence NotifyAccess=all in the
 * unit). Without NOTIFY_SOCKET, that is outside systemd, every call does nothing.
 */
export function serviceNotifier({ env, pid, log }: NotifierOptions): ServiceNotifier {
  const socket = env["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return silentNotifier;
  let complained = false;
  /** One after the other: a READY that arrives after STOPPING would be believed. */
  let last = Promise.resolve();

  async function tell(before: Promise<void>, assignments: readonly string[]): Promise<void> {
    await before;
    const error = await run(assignments, env);
    if (error === undefined || complained) return;
    complained = true;
    log.warn("systemd could not be told", { message: assignments.join(" "), error });
  }
  const send = (...assignments: readonly string[]): Promise<void> => {
    last = tell(last, assignments);
    return last;
  };
  return {
    watchdogEveryMs: watchdogEveryMs(env, pid),
    ready: (status) => send("READY=1", statusLine(status)),
    status: (text) => send(statusLine(text)),
    stopping: (status) => send("STOPPING=1", statusLine(status)),
    alive: () => send("WATCHDOG=1"),
  };
}

function statusLine(text: string): string {
  return `STATUS=${text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim()}`;
}

const silentNotifier: ServiceNotifier = {
  watchdogEveryMs: undefined,
  ready: () => Promise.resolve(),
  status: () => Promise.resolve(),
  stopping: () => Promise.resolve(),
  alive: () => Promise.resolve(),
};

function watchdogEveryMs(env: Readonly<NodeJS.ProcessEnv>, pid: number): number | undefined {
  const micros = Number(env["WATCHDOG_USEC"]);
  if (!Number.isFinite(micros) || micros <= 0) return undefined;
  const watched = env["WATCHDOG_PID"];
  // Meant for another process: we inherited the variables, and that one feeds the watchdog.
  if (watched !== undefined && Number(watched) !== pid) return undefined;
  return Math.floor(micros / 2_000);
}

/** Why it failed, or undefined. */
function run(
  assignments: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      execFile(
        "systemd-notify",
        assignments,
        { env: { ...env }, timeout: notifyTimeoutMs, killSignal: "SIGKILL" },
        (error, _stdout, stderr) => {
          if (error === null) resolve(undefined);
          else if (systemErrorCode(error) === "ENOENT")
            resolve("the program systemd-notify is not on PATH");
          else if (error.killed === true)
            resolve(`systemd-notify did not end within ${notifyTimeoutMs} ms`);
          else resolve(stderr.trim() || error.message);
        },
      );
    } catch (error) {
      resolve(errorMessage(error));
    }
  });
}
