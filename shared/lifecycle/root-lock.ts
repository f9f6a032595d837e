import type { Clock } from "../clock.ts";
import { OperationError } from "../errors.ts";
import { bindWhenFree } from "../process/kernel-lock.ts";

/** A transaction takes milliseconds; whoever holds the lock longer is frozen. */
const lockTimeoutMs = 10_000;

/**
 * Calls `work` while no other caller, in any process of this network namespace, works on the same folder. The kernel
 * frees the lock when its process ends.
 * @param realFolder the folder's real path: two names of one folder are one lock
 * @throws OperationError when somebody else keeps the lock for 10 s
 */
export async function withRootLock<Result>(
  realFolder: string,
  clock: Clock,
  work: () => Promise<Result>,
): Promise<Result> {
  const patience = new AbortController();
  const cancel = clock.schedule(lockTimeoutMs, () => {
    patience.abort(
      new OperationError(
        `The files in ${realFolder} are locked by another process for ${lockTimeoutMs / 1000} s already. Look for a frozen one (state T in ps), then try again.`,
      ),
    );
  });
  const lock = await bindWhenFree(`lifecycle ${realFolder}`, patience.signal, { clock }).finally(
    cancel,
  );
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
