import { type BackoffPolicy, backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { PollingReport } from "../contract/polling-report.ts";
import { systemErrorCode } from "../errors.ts";
import { SinkUnavailableError } from "../intake/update-sink.ts";
import type { Log } from "../logger.ts";
import { AnswerNotStoredError } from "../outbound/durable/storage-trouble.ts";

/** How often a disk that refuses is tried again. */
const retryPolicy: BackoffPolicy = { baseMs: 500, capMs: 30_000 };

export interface StoragePatience {
  readonly report: (report: PollingReport) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Does what needs the disk, again and again while the disk refuses: a full disk must not end a bot that can only wait.
 * @throws what is no trouble of the disk; the signal's reason
 */
export async function untilStorageWorks<T>(
  { report, clock, random, log }: StoragePatience,
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
        log.error("Nothing can be stored; nothing is taken from Telegram until it can.", { error });
      }
      report({ state: "waiting_for_storage", reason: error.message });
      await clock.sleep(backoffMs(retryPolicy, attempt, random), signal);
    }
  }
}

/** `ENOSPC`, `EROFS`, `EACCES`, ...; Node's own `ERR_...` are mistakes of ours. */
function isStorageTrouble(error: Error): boolean {
  if (error instanceof SinkUnavailableError || error instanceof AnswerNotStoredError) return true;
  const code = systemErrorCode(error);
  return code !== undefined && /^E(?!RR_)[A-Z0-9]+$/.test(code);
}
