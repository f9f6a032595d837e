import type { Clock } from "../clock.ts";
import { judge, type ProcessIdentity } from "../process/identity.ts";

export interface WaitUntilGone {
  readonly clock: Clock;
  /** Default 20 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** How one sees whether a process lives; tests give their own. */
  readonly judge?: typeof judge;
}

/** `unseen`: the process runs where we cannot look (another machine or container), so nothing can be said. */
export type Waited = "gone" | "still_there" | "unseen";

const defaultTimeoutMs = 20_000;
/** A process that stops in order takes some tens of milliseconds; the operator waits for this answer. */
const eagerForMs = 2_000;
const eagerEveryMs = 10;
const patientEveryMs = 100;

/**
 * Waits for the end of a process that need not be our child. Node gives no event for that (pidfd_open(2) is out of its
 * reach), so we look, often at first: one look reads /proc/PID/stat, about 20 microseconds.
 * @throws the signal's reason
 */
export async function waitUntilGone(
  process: ProcessIdentity,
  { clock, timeoutMs = defaultTimeoutMs, signal, judge: look = judge }: WaitUntilGone,
): Promise<Waited> {
  const startedMs = clock.monotonic();
  for (;;) {
    signal?.throwIfAborted();
    const judgement = look(process);
    if (judgement === "dead") return "gone";
    if (judgement === "unknown") return "unseen";
    const waitedMs = clock.monotonic() - startedMs;
    if (waitedMs >= timeoutMs) return "still_there";
    const pauseMs = waitedMs < eagerForMs ? eagerEveryMs : patientEveryMs;
    await clock.sleep(Math.min(pauseMs, timeoutMs - waitedMs), signal);
  }
}
