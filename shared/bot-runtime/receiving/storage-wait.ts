import { type BackoffPolicy, backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import type { PollingReport } from "../../contract/polling-report.ts";
import { errorMessage, systemErrorCode } from "../../errors.ts";
import { SinkUnavailableError } from "../../intake/update-sink.ts";
import type { Log } from "../../logger.ts";

export interface StorageWaitDeps {
  /** What cannot be done meanwhile, for people. */
  readonly trouble: string;
  readonly backoff: BackoffPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly onState: (report: PollingReport) => void;
}

/**
 * Tries again while the disk refuses (full, read-only, unreadable file): a new process would meet the same disk.
 * @throws every other error; the signal's reason
 */
export async function untilStorageWorks<T>(
  deps: StorageWaitDeps,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const isStorage =
        error instanceof SinkUnavailableError || systemErrorCode(error) !== undefined;
      if (!isStorage) throw error;
      const reason = errorMessage(error);
      if (attempt === 0) deps.log.error(deps.trouble, { cause: reason });
      deps.onState({ state: "waiting_for_storage", reason });
      await deps.clock.sleep(backoffMs(deps.backoff, attempt, deps.random), signal);
    }
  }
}
