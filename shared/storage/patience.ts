import { type BackoffPolicy, backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { isStorageTrouble } from "../errors.ts";
import type { Log } from "../logger.ts";

/** How often a disk that refuses is tried again. */
const retryPolicy: BackoffPolicy = { baseMs: 500, capMs: 30_000 };

export interface StoragePatience {
  /** Told each time the disk refuses, with why. */
  readonly onRefused: (reason: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Does what needs the disk, again and again while the disk refuses: a full disk must not end a bot that can only wait.
 * @throws what is no trouble of the disk; the signal's reason
 */
export async function untilStorageWorks<T>(
  { onRefused, clock, random, log }: StoragePatience,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !isStorageTrouble(error)) throw error;
      if (attempt === 0) {
        log.error("Nothing can be stored; waiting until the disk takes it again.", { error });
      }
      onRefused(error.message);
      await clock.sleep(backoffMs(retryPolicy, attempt, random), signal);
    }
  }
}
