import type { Cancel, Clock } from "../../clock.ts";
import { systemErrorCode } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import type { Update } from "../../telegram/bot-api.ts";
import { conversationOf, partitionOf } from "../../telegram/conversation.ts";
import { FencedError } from "../update-sink.ts";
import type { AppendBell } from "./append-bell.ts";
import type { UpdateLogWriter } from "./journal.ts";
import type { SeenIds } from "./seen-ids.ts";
import { encodeMark, encodeRecord, type LoggedRecord } from "./segments/log-line.ts";
import type { LogStorage } from "./segments/log-storage.ts";
import { nameOfSegment } from "./segments/segment-name.ts";
import { SegmentTail } from "./segments/segment-tail.ts";
import { storageTrouble } from "./segments/storage-trouble.ts";

/** A segment is closed when it has reached either. */
export interface SegmentLimits {
  readonly bytes: number;
  readonly records: number;
}

export interface LogWriterParts {
  readonly botId: number;
  readonly epoch: number;
  /** Newest epoch that anybody was given for this bot. */
  readonly currentEpoch: () => number | Promise<number>;
  readonly storage: LogStorage;
  readonly limits: SegmentLimits;
  readonly bell: AppendBell;
  /** Told the ids of updates that were dropped, because they stood in the log already. */
  readonly onRepeats?: (updateIds: readonly number[]) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly seen: SeenIds;
  readonly tail: SegmentTail;
  /** Records in the newest segment. */
  readonly records: number;
  readonly newestSeq: number;
}

/** Far more than one batch, which is all that a power cut can take away. */
const seqGap = 10_000;

/**
 * Where a writer begins: never at a position that one before it used, even if a power cut took away records that a
 * bot had handled already, or somebody removed the segments: a bot whose cursor stood there would skip what comes.
 */
export function firstSeqUnder(epoch: number, newestSeq: number): number {
  // An epoch can be as large as the seconds since 1970 (a broken counter goes on from the clock): this stays exact.
  return Math.max(newestSeq === 0 ? 0 : newestSeq + seqGap, epoch * 1e6) + 1;
}

/** Appends to the segments of one folder; made by `openLogWriter`. */
export class LogWriter implements UpdateLogWriter {
  private readonly parts: LogWriterParts;
  private tail: SegmentTail;
  private records: number;
  private newest: number;
  private nextSeq: number;
  private offset: number | undefined;
  /** Of the append that failed last, while it is in doubt. */
  private doubtful: readonly LoggedRecord[] = [];
  /** A segment that was made but whose first line did not fit on the disk. */
  private emptySegment: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly leaveBell: Cancel;

  constructor(parts: LogWriterParts) {
    this.parts = parts;
    this.tail = parts.tail;
    this.records = parts.records;
    this.newest = parts.newestSeq;
    this.nextSeq = firstSeqUnder(parts.epoch, parts.newestSeq);
    const { newest } = parts.seen;
    this.offset = newest === undefined ? undefined : newest.top + 1;
    this.leaveBell = parts.bell.begin(this.newest);
  }

  get epoch(): number {
    return this.parts.epoch;
  }

  get newestSeq(): number {
    return this.newest;
  }

  /** Behind the newest safe update; undefined before the first one, and when ids may have started anew by now. */
  nextOffset(): number | undefined {
    return this.parts.seen.isSilentSinceLong(this.parts.clock.now()) ? undefined : this.offset;
  }

  append(updates: readonly Update[], signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      signal.throwIfAborted();
      await this.checkEpoch();
      try {
        await this.settle();
        const batch = this.newOnes(updates);
        if (batch.length === 0) return;
        await this.rollWhenFull();
        await this.write(batch);
      } catch (error) {
        if (error instanceof FencedError) throw error;
        throw storageTrouble(this.parts.storage.place, error);
      }
    });
  }

  close(): Promise<void> {
    this.leaveBell();
    return this.inTurn(() => this.tail.close());
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.turn.then(action);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async checkEpoch(): Promise<void> {
    const current = await this.parts.currentEpoch();
    if (current === this.epoch) return;
    if (current < this.epoch) {
      throw new FencedError(
        `The epoch file of bot ${this.parts.botId} is gone or damaged (it says ${current}; ours is ${this.epoch}). Polling begins anew under a new one.`,
      );
    }
    throw new FencedError(
      `The update log of bot ${this.parts.botId} has passed to epoch ${current}; ours is ${this.epoch}. Another process polls this token now.`,
    );
  }

  private async write(batch: readonly LoggedRecord[]): Promise<void> {
    this.doubtful = batch;
    try {
      await this.tail.append(batch.map((record) => Buffer.from(encodeRecord(record))));
    } catch (error) {
      await this.settle().catch((later: unknown) => {
        if (later instanceof FencedError) throw later;
        this.parts.log.debug("The end of the update log could not be put in order yet.", {
          cause: later,
        });
      });
      throw error;
    }
    // Whoever raises the epoch reads the log afterwards. So while it has not moved, what we wrote will be seen.
    await this.checkEpoch();
    this.commit(batch);
  }

  /** Puts the end of the segment in order after an append that failed; what was saved of it counts. */
  private async settle(): Promise<void> {
    if (!this.tail.isInDoubt) return;
    await this.checkEpoch();
    const saved = await this.tail.settle();
    await this.checkEpoch();
    this.commit(this.doubtful.slice(0, saved));
    this.doubtful = [];
  }

  private commit(batch: readonly LoggedRecord[]): void {
    if (batch.length === 0) return;
    const after = this.newest;
    for (const record of batch) {
      this.parts.seen.take(record.update, record.receivedAtMs, record.anew);
      this.newest = record.seq;
      this.nextSeq = record.seq + 1;
      this.offset = record.updateId + 1;
    }
    this.records += batch.length;
    this.parts.bell.ring({ after, records: batch });
  }

  /** The records for the updates that are not in the log yet, in the order of their ids, which is Telegram's. */
  private newOnes(updates: readonly Update[]): LoggedRecord[] {
    const { clock, epoch, log, onRepeats, seen } = this.parts;
    const nowMs = clock.now();
    const whole = updates.filter((update) => Number.isSafeInteger(update?.update_id));
    if (whole.length < updates.length) {
      log.warn("Updates without an update_id were dropped; nothing else can be done with them.", {
        count: updates.length - whole.length,
      });
    }
    const draft = seen.draft();
    const records: LoggedRecord[] = [];
    const repeats: number[] = [];
    for (const update of whole.toSorted((a, b) => a.update_id - b.update_id)) {
      const verdict = draft.judge(update, nowMs);
      if (verdict === "repeat") {
        repeats.push(update.update_id);
        continue;
      }
      const anew = verdict === "anew";
      if (anew) this.tellAnew(draft, update);
      draft.take(update, nowMs, anew);
      const { key } = conversationOf(update);
      const seq = this.nextSeq + records.length;
      const updateId = update.update_id;
      const part = partitionOf(key);
      records.push({ seq, epoch, receivedAtMs: nowMs, updateId, key, part, update, anew });
    }
    if (repeats.length > 0) {
      onRepeats?.(repeats);
      const facts = { repeats: repeats.length };
      log.info("Updates that stood in the log already were dropped.", facts);
    }
    return records;
  }

  private tellAnew(seen: SeenIds, update: Update): void {
    this.parts.log.warn("Telegram's update ids started anew; the offset follows them.", {
      before: seen.newest?.top,
      now: update.update_id,
    });
  }

  private async rollWhenFull(): Promise<void> {
    const { limits, storage, botId, epoch, clock, seen } = this.parts;
    const isFull = this.tail.bytes >= limits.bytes || this.records >= limits.records;
    if (this.records === 0 || !isFull) return;
    const name = nameOfSegment(this.nextSeq);
    const file = await this.createSegment(name);
    const tail = new SegmentTail(name, file, 0);
    try {
      const mark = encodeMark({ botId, epoch, atMs: clock.now(), ids: seen.newest });
      await tail.append([Buffer.from(mark)]);
    } catch (error) {
      this.emptySegment = name;
      await file.close();
      throw error;
    }
    this.emptySegment = undefined;
    const old = this.tail;
    this.tail = tail;
    this.records = 0;
    this.parts.log.debug("A new segment of the update log begins.", {
      file: `${storage.place}/${name}`,
    });
    await old.close();
  }

  private async createSegment(name: string): Promise<Awaited<ReturnType<LogStorage["create"]>>> {
    const { storage } = this.parts;
    try {
      return await storage.create(name);
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST" || this.emptySegment !== name) throw error;
      const file = await storage.openForAppend(name);
      await file.truncate(0);
      return file;
    }
  }
}
