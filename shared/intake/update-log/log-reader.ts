import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import type { AppendBell } from "./append-bell.ts";
import { type FolderWatch, watchFolder } from "./folder-watch.ts";
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
    const wake = (): void => {
      nap.wake();
    };
    const unhear = bell?.onRing(wake);
    const unwatch = await watch(dir, wake, log);
    let walk = new LogWalk(this.storage, log, after);
    try {
      while (!signal.aborted) {
        const records = await this.nextOr(walk, (error) => {
          log.error("The update log cannot be read; trying again.", {
            folder: dir,
            cause: errorMessage(error),
          });
        });
        if (records === undefined) {
          await walk.close();
          walk = new LogWalk(this.storage, log, walk.after);
          await nap.rest(slowCheckMs, signal);
        } else if (records.length === 0) await nap.rest(slowCheckMs, signal);
        else yield* untilAborted(records, signal);
      }
    } finally {
      unhear?.();
      unwatch();
      await walk.close();
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
    for await (const _ of this.readFrom(after)) count += 1;
    return count;
  }

  private async nextOr(
    walk: LogWalk,
    onError: (error: unknown) => void,
  ): Promise<JournalRecord[] | undefined> {
    try {
      return await walk.next();
    } catch (error) {
      onError(error);
      return undefined;
    }
  }
}

function* untilAborted<T>(items: readonly T[], signal: AbortSignal): Generator<T> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
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
