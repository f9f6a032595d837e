import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { sendSignal } from "../../../../../shared/process/send-signal.ts";

/** A real process in a session of its own, as the tools of real agents are: a signal to our group does not reach it. */
function start(script: string): ChildProcess {
  return spawn(process.execPath, ["-e", script], { detached: true, stdio: "ignore" });
}

/** Works for so long, then ends. An interrupt ends it, a SIGTERM to the agent does not. */
export async function runTool(seconds: number, signal: AbortSignal): Promise<void> {
  const child = start(`setTimeout(() => {}, ${seconds * 1_000})`);
  const end = (): void => {
    if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    await once(child, "exit");
  } finally {
    signal.removeEventListener("abort", end);
  }
  signal.throwIfAborted();
}

/** Stays behind for ten minutes, whoever ends. @returns its pid */
export function leaveProcess(): number | undefined {
  const child = start("process.on('SIGTERM', () => {}); setTimeout(() => {}, 600_000)");
  child.unref();
  return child.pid;
}
