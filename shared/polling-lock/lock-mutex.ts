import { type Clock, systemClock } from "../clock.ts";
import { OperationError } from "../errors.ts";
import { bindWhenFree } from "../process/kernel-lock.ts";
import type { LockPaths } from "./lock-name.ts";

/** Taking or cleaning a lock takes milliseconds; only a process that was frozen in the midst of it takes longer. */
const mutexWaitMs = 10_000;

/**
 * Runs `work` while no other process of this network namespace judges, cleans, takes or gives back the same lock.
 * Without it two that judged one stale lock would both remove and make it, and one would remove the other's.
 * @throws OperationError when the mutex stays taken for 10 s; the signal's reason
 */
export async function underLockMutex<Result>(
  paths: LockPaths,
  work: () => Promise<Result>,
  options: { readonly clock?: Clock; readonly signal?: AbortSignal } = {},
): Promise<Result> {
  const clock = options.clock ?? systemClock;
  const deadline = new AbortController();
  const cancel = clock.schedule(mutexWaitMs, () => {
    deadline.abort(
      new OperationError(
        `Another process has been busy with the polling lock ${paths.lock} for ${mutexWaitMs / 1000} s; it is ` +
          "probably suspended. Find it (a stopped process of this machine), continue or end it, then try again.",
      ),
    );
  });
  const signal =
    options.signal === undefined
      ? deadline.signal
      : AbortSignal.any([options.signal, deadline.signal]);
  const mutex = await bindWhenFree(`polling lock mutex ${paths.lock}`, signal, { clock }).finally(
    cancel,
  );
  try {
    return await work();
  } finally {
    await mutex.release();
  }
}
