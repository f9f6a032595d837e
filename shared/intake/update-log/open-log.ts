import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { OperationError } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { FencedError } from "../update-sink.ts";
import { AppendBell } from "./append-bell.ts";
import { type LogTail, type NewestSegment, readTail } from "./log-tail.ts";
import { firstSeqUnder, LogWriter, type SegmentLimits } from "./log-writer.ts";
import { keepTornBytes } from "./segments/damaged-line.ts";
import { FolderStorage } from "./segments/folder-storage.ts";
import { encodeMark } from "./segments/log-line.ts";
import type { AppendFile, LogStorage } from "./segments/log-storage.ts";
import { nameOfSegment } from "./segments/segment-name.ts";
import { SegmentTail } from "./segments/segment-tail.ts";
import { storageTrouble } from "./segments/storage-trouble.ts";

export interface LogWriterOptions {
  readonly dir: string;
  readonly botId: number;
  /** Our own, raised under the poll guard before this is called. */
  readonly epoch: number;
  readonly currentEpoch: () => number | Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
  /** Rung after each append, for the readers of this process. */
  readonly bell?: AppendBell;
  /** Told the ids of updates that Telegram gave once more. */
  readonly onRepeats?: (updateIds: readonly number[]) => void;
  readonly storage?: LogStorage;
  readonly limits?: SegmentLimits;
}

/** So opening a log reads 16 MiB at most; as many ids are remembered as a segment has records. */
const usualLimits: SegmentLimits = { bytes: 8 * 1024 * 1024, records: 10_000 };

/** Where the update log of a bot is. */
export function updateLogDir(stateDir: string, botId: number): string {
  return join(stateDir, "updates", String(botId));
}

/**
 * Opens a log for its one writer: reads its end, then adds the mark of our tenure. What an older writer may still add
 * behind the mark counts for nobody; what it added in between makes us read again. A half line is cut off and kept
 * aside.
 * @throws FencedError when the log belongs to a newer epoch
 * @throws SinkUnavailableError when the disk does not let us; try again
 */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  const storage = options.storage ?? new FolderStorage(options.dir);
  const limits = options.limits ?? usualLimits;
  const { log, epoch, botId } = options;
  let tail: SegmentTail | undefined;
  try {
    const found = await readTail(storage, log, limits.records);
    refuse(found, options);
    tail = await openTail(storage, log, found, epoch);
    const ids = found.seen.newest;
    await tail.append([Buffer.from(encodeMark({ epoch, botId, atMs: options.clock.now(), ids }))]);
    if (!(await tail.isOurs())) throw new Error(`${tail.name} was written to while it was opened`);
    return new LogWriter({
      ...options,
      storage,
      limits,
      bell: options.bell ?? new AppendBell(),
      seen: found.seen,
      tail,
      records: found.segment?.records ?? 0,
      newestSeq: found.newestSeq,
    });
  } catch (error) {
    await tail?.close();
    if (error instanceof FencedError || error instanceof OperationError) throw error;
    throw storageTrouble(storage.place, error);
  }
}

function refuse(tail: LogTail, { botId, epoch, dir }: LogWriterOptions): void {
  if (tail.botId !== undefined && tail.botId !== botId) {
    throw new OperationError(
      `The update log in ${dir} is that of bot ${tail.botId}, not of bot ${botId}. Move the folder away, or give each bot its own.`,
    );
  }
  if (tail.newestEpoch > epoch) {
    throw new FencedError(
      `The update log in ${dir} was written under epoch ${tail.newestEpoch}; ours is ${epoch}. Another process polls this token now, or the file with the epoch was lost.`,
    );
  }
}

async function openTail(
  storage: LogStorage,
  log: Log,
  { segment }: LogTail,
  epoch: number,
): Promise<SegmentTail> {
  if (segment === undefined) {
    const name = nameOfSegment(firstSeqUnder(epoch, 0));
    return new SegmentTail(name, await storage.create(name), 0);
  }
  const file = await storage.openForAppend(segment.name);
  const tail = new SegmentTail(segment.name, file, segment.length);
  try {
    if (segment.halfLine.byteLength > 0) await cutHalfLine(storage, log, segment, file);
    if (!(await tail.isOurs())) throw new Error(`${tail.name} was written to while it was opened`);
    return tail;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function cutHalfLine(
  storage: LogStorage,
  log: Log,
  { name, length, halfLine }: NewestSegment,
  file: AppendFile,
): Promise<void> {
  if ((await file.size()) !== length + halfLine.byteLength) return;
  const copy = await keepTornBytes(storage, name, length, halfLine);
  await file.truncate(length);
  await file.sync();
  log.warn("The update log ended in a half line, never confirmed to Telegram; it was cut off.", {
    file: `${storage.place}/${name}`,
    copy,
    bytes: halfLine.byteLength,
  });
}

/** The newest epoch that a log knows of: nobody may be given one that is not higher. 0 for an empty log. */
export async function newestEpochOf(storage: LogStorage, log: Log): Promise<number> {
  return (await readTail(storage, log, 1)).newestEpoch;
}
