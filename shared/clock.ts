import { performance } from "node:perf_hooks";

/** Ends a scheduled call; calling it again, or after the call ran, does nothing. */
export type Cancel = () => void;

/** The only way to the time. Tests pass a manual one (`test/support/manual-clock.ts`) and never sleep. */
export interface Clock {
  /** Wall time in epoch milliseconds: for records and people, never for measuring a delay. */
  now(): number;
  /** Milliseconds that only grow, whatever happens to the wall clock. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` once after `ms`. The caller owns the timer and cancels it when it stops. */
  schedule(ms: number, action: () => void): Cancel;
}

/** setTimeout fires at once for anything above 2^31-1 ms (Node documentation); longer waits are cut. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(reasonOf(signal));
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        Math.min(ms, maxTimerMs),
      );
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
  schedule(ms, action) {
    const timer = setTimeout(action, Math.min(ms, maxTimerMs));
    return () => {
      clearTimeout(timer);
    };
  },
};

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}
