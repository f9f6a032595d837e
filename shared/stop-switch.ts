import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import type { Clock } from "./clock.ts";

/** Why a process ends. Written once: the first cause wins, whatever follows from it. */
export type StopCause =
  | "sigterm"
  | "sigint"
  /** The terminal was closed. */
  | "sighup"
  | "stopped_by_supervisor"
  | "supervisor_lost"
  | "output_closed"
  | "lock_lost"
  | "lock_held"
  | "polling_stalled"
  /** Somebody ended the lease in the lifecycle files. */
  | "closed"
  /** The lease is damaged, gone or another's: nobody asked for this end. */
  | "lease_lost"
  | "token_refused"
  | "failed";

/** Ctrl-C under npm arrives twice within a millisecond; only a signal this much later means "now!". */
const forceAfterMs = 1_000;

/** The one place where the end of a process begins. */
export class StopSwitch {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly clock: Clock;
  private pulledAtMs: number | undefined;
  private firstCause: StopCause | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.signal = this.controller.signal;
  }

  get cause(): StopCause | undefined {
    return this.firstCause;
  }

  /** Starts the stop, or answers "force" where a person asks for the second time. */
  pull(cause: StopCause): "stopping" | "already_stopping" | "force" {
    const nowMs = this.clock.monotonic();
    if (this.pulledAtMs === undefined) {
      this.pulledAtMs = nowMs;
      this.firstCause = cause;
      this.controller.abort(new Error(`stopping: ${cause}`));
      return "stopping";
    }
    const asked = cause === "sigterm" || cause === "sigint";
    return asked && nowMs - this.pulledAtMs >= forceAfterMs ? "force" : "already_stopping";
  }
}

/**
 * Connects the signals of a person or a service manager. `onForce` must end the process.
 * @param onReload what SIGHUP means where no terminal was closed: a service is asked to read its configuration again
 */
export function stopOnSignals(
  stop: StopSwitch,
  onForce: () => void,
  { onReload }: { readonly onReload?: () => void } = {},
): void {
  const on = (cause: "sigterm" | "sigint"): void => {
    if (stop.pull(cause) === "force") onForce();
  };
  process.on("SIGTERM", () => {
    on("sigterm");
  });
  process.on("SIGINT", () => {
    on("sigint");
  });
  // A closed terminal is no reason to leave children behind; nohup is a wish to outlive it.
  if (ignoresHangup()) return;
  const hangup = onReload !== undefined && !hasTerminal() ? onReload : () => stop.pull("sighup");
  process.on("SIGHUP", () => {
    hangup();
  });
}

/** Asked at the start: a terminal that is being closed is one no more. */
function hasTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor)) || hasControllingTerminal();
}

/** Also where all streams are redirected: its end is heard as SIGHUP. False where there is no /proc. */
function hasControllingTerminal(): boolean {
  try {
    const line = readFileSync("/proc/self/stat", "latin1");
    // Fields 3 to 7 of proc_pid_stat(5): state, parent, group, session, terminal.
    const [, , , , terminal] = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return terminal !== undefined && terminal !== "0";
  } catch {
    return false;
  }
}

/** Whether we were started with SIGHUP ignored (nohup). A handler of ours would undo that. */
function ignoresHangup(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    // Signal 1 is the lowest bit.
    return mask !== undefined && (Number.parseInt(mask.slice(-1), 16) & 1) === 1;
  } catch {
    return false;
  }
}
