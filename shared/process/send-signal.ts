import { systemErrorCode } from "../errors.ts";

/**
 * Sends a signal to a process, or with a negative number to a group. Whose number it is has been checked before.
 * @returns false when there is nobody any more. One that is not ours to signal (EPERM) is there; it is named by
 * whoever waits for its end in vain.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}

/** SIGTERM, and SIGCONT for those who were suspended: they could not end in order otherwise. */
export function endPolitely(pid: number): boolean {
  const there = sendSignal(pid, "SIGTERM");
  if (there) sendSignal(pid, "SIGCONT");
  return there;
}
