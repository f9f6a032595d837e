import type { Update } from "../telegram/bot-api.ts";

/**
 * Where the poller puts what it received. The poller never computes an offset: it asks for it, and the sink moves
 * it only when the updates are safe. So an update is confirmed to Telegram only after it is ours.
 */
export interface UpdateSink {
  /** What the next getUpdates sends; undefined while no update was ever received. */
  nextOffset(): number | undefined;
  /**
   * Takes one batch in Telegram's order; repeats (update ids already taken) are dropped by the sink.
   * @throws FencedError when the right to write has passed to another
   * @throws SinkUnavailableError when the batch could not be made safe; nothing of it is confirmed, it comes again
   */
  append(updates: readonly Update[], signal: AbortSignal): Promise<void>;
}

/** The place for updates cannot take them now (disk full, read-only, ...). Polling waits and tries again. */
export class SinkUnavailableError extends Error {
  override readonly name = "SinkUnavailableError";
}

/** A newer epoch writes the log. Whoever gets this stops polling: its right has passed to another. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}
