import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import type { AppendBell } from "./append-bell.ts";
import { type FolderWatch, watchFolder } from "./folder-watch.ts";
import { FreshRecords } from "./fresh-records.ts";
import type { JournalRecord, UpdateLogReader } from "./journal.ts";
import { LogWalk } from "./log-walk.ts";
import { Nap } from "./nap.ts";
import { FolderStorage } from "./segments/folder-storage.ts";
import { peekRecord } from "./segments/log-line.ts";
import type { LogStorage } from "./segments/log-storage.ts";
import { SegmentLines } from "./segments/segment-lines.ts";
import { segmentsOf } from "./segments/segment-name.ts";

export interface LogReaderOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The bell of the writer, where it is in this process. */
  readonly bell?: AppendBell;
  readonly storage?: LogStorage;
  readonly watch?: FolderWatch;
}

/** How often the log is looked at although nothing was announced: inotify may be missing, or out of watches. */
const slowCheckMs = 5_000;
/** No records, because the disk failed. */
const unreadable: JournalRecord[] = [];

/** Reads the log of one bot, whoever writes it. Opens nothing before it is asked; has nothing to close. */
export class LogReader implements UpdateLogReader {
  private readonly options: LogReaderOptions;
  private readonly storage: LogStorage;

  constructor(options: LogReaderOptions) {
    this.options = options;
    this.storage = options.storage ?? new FolderStorage(options.dir);
  }

  async *readFrom(after: number): AsyncGenerator<JournalRecord> {
    const walk = new LogWalk(this.storage, this.options.log, after);
    try {
      for (let some = await walk.next(); some.length > 0; some = await walk.next()) yield* some;
    } finally {
      await walk.close();
    }
  }

  /** A disk that fails is reported and tried again every few seconds, from the record behind the last one returned. */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<JournalRecord> {
    const { bell, clock, dir, log, watch = watchFolder } = this.options;
    const nap = new Nap(clock);
    const fresh = new FreshRecords();
    const unhear = bell?.onRing((appended) => {
      if (appended !== undefined) fresh.add(appended);
      nap.wake();
    });
    const unwatch = await watch(
      dir,
      () => {
        nap.wake();
      },
      log,
    );
    let walk: LogWalk | undefined;
    let position = after;
    try {
      while (!signal.aborted) {
        let records = fresh.take(position);
        const isHanded = records.length > 0;
        // The writer of this process has nothing newer: no need to look at the disk.
        if (!isHanded && bell?.newestSeq !== position) {
          walk ??= new LogWalk(this.storage, log, position);
          records = await this.nextOf(walk);
        }
        if (isHanded || records === unreadable) {
          await walk?.close();
          walk = undefined;
        }
        if (records.length === 0) await nap.rest(slowCheckMs, signal);
        for (const record of records) {
          if (signal.aborted) return;
          position = record.seq;
          yield record;
        }
      }
    } finally {
      unhear?.();
      unwatch();
      await walk?.close();
    }
  }

  async newestSeq(): Promise<number> {
    const names = segmentsOf(await this.storage.list());
    for (const name of names.toReversed()) {
      const newest = await newestSeqIn(this.storage, name);
      if (newest > 0) return newest;
    }
    return 0;
  }

  async countAfter(after: number): Promise<number> {
    let count = 0;
    if (this.options.bell?.newestSeq === after) return count;
    for await (const _ of this.readFrom(after)) count += 1;
    return count;
  }

  private async nextOf(walk: LogWalk): Promise<JournalRecord[]> {
    const { dir, log } = this.options;
    try {
      return await walk.next();
    } catch (error) {
      log.error("The update log cannot be read; trying again.", {
        folder: dir,
        cause: errorMessage(error),
      });
      return unreadable;
    }
  }
}

async function newestSeqIn(storage: LogStorage, name: string): Promise<number> {
  let newest = { seq: 0, epoch: 0 };
  const lines = await SegmentLines.open(storage, name);
  try {
    for (let some = await lines.next(); some.length > 0; some = await lines.next()) {
      for (const { text } of some) {
        const begins = peekRecord(text);
        if (begins !== undefined && begins.epoch >= newest.epoch) newest = begins;
      }
    }
  } finally {
    await lines.close();
  }
  return newest.seq;
}
