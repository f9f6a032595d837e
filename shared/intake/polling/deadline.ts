import type { Clock } from "../../clock.ts";
import { TimeoutError } from "../../telegram/bot-api.ts";

/**
 * Runs a call that ends when the signal aborts, or after the deadline with a TimeoutError: the net below the
 * library's own timeout. Leaves neither timer nor listener behind.
 */
export async function withDeadline<T>(
  clock: Clock,
  deadlineMs: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.schedule(deadlineMs, () =>
    controller.abort(new TimeoutError(`No answer within ${Math.round(deadlineMs / 1000)} s`)),
  );
  try {
    return await call(controller.signal);
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}
