import type { Update } from "../../telegram/bot-api.ts";
import type { UpdateSink } from "../update-sink.ts";

/**
 * The ports of the update log. The files in this folder are one implementation, for one machine; a distributed log
 * may take their place. So: no path, process id or time of a file in here; a writer carries an epoch and is refused
 * when a newer one exists; the poller asks for its offset; every wait can be cancelled; an update's identity is
 * (bot id, update id); conversation key and part are in the record from the first day.
 */

/** One update as it stands in the log of its bot. */
export interface JournalRecord {
  /** Position in the log. Only grows, with gaps; says nothing about `updateId`, which Telegram may start anew. */
  readonly seq: number;
  /** Which tenure wrote it. */
  readonly epoch: number;
  readonly receivedAtMs: number;
  readonly updateId: number;
  /** Conversation key, see `conversationOf`. */
  readonly key: string;
  /** `partitionOf(key)`. */
  readonly part: number;
  readonly update: Update;
}

/** The one who may append. Opened under an epoch, for the length of a tenure. */
export interface UpdateLogWriter extends UpdateSink {
  readonly epoch: number;
  /** Newest position that is safe; 0 while the log is empty. */
  readonly newestSeq: number;
  /**
   * Takes one batch in Telegram's order, in full or up to the update where the disk gave up; repeats are dropped.
   * @throws FencedError when a newer epoch exists: this writer is over for good
   * @throws SinkUnavailableError when not all of it could be made safe; `nextOffset` then stands before the rest
   */
  append(updates: readonly Update[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Anybody who reads; as many as there are bots on the token. Positions are those of `JournalRecord.seq`. */
export interface UpdateLogReader {
  /** The records behind `after`, oldest first, up to the end of the log as it is met. */
  readFrom(after: number): AsyncIterable<JournalRecord>;
  /** The same, and then each new one as it comes; ends when the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncIterable<JournalRecord>;
  /** Position of the newest record; 0 where there is none. */
  newestSeq(): Promise<number>;
  /** How many records stand behind `after`. Reads them: for status, not for every update. */
  countAfter(after: number): Promise<number>;
}
