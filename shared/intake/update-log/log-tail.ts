import type { Log } from "../../logger.ts";
import { SeenIds } from "./seen-ids.ts";
import { keepDamagedLine } from "./segments/damaged-line.ts";
import {
  decodeLine,
  type LoggedRecord,
  type NewestIds,
  type TenureMark,
} from "./segments/log-line.ts";
import type { LogStorage } from "./segments/log-storage.ts";
import { SegmentLines } from "./segments/segment-lines.ts";
import { segmentsOf } from "./segments/segment-name.ts";

/** What a new writer must know of a log before it adds to it. */
export interface LogTail {
  readonly seen: SeenIds;
  readonly newestSeq: number;
  readonly newestEpoch: number;
  readonly botId: number | undefined;
  /** Of the newest segment; undefined where there is none. */
  readonly segment: NewestSegment | undefined;
}

export interface NewestSegment {
  readonly name: string;
  readonly records: number;
  /** Length of its whole lines, in bytes. */
  readonly length: number;
  /** What a writer that died left behind them. */
  readonly halfLine: Uint8Array;
}

interface Segment {
  readonly name: string;
  readonly records: readonly LoggedRecord[];
  readonly marks: readonly TenureMark[];
  readonly length: number;
  readonly halfLine: Uint8Array;
}

/**
 * Reads the newest segments, back to `remembered` records. The rules are the readers': a record that an older
 * writer added behind the mark of a newer one does not count.
 */
export async function readTail(
  storage: LogStorage,
  log: Log,
  remembered: number,
): Promise<LogTail> {
  const names = segmentsOf(await storage.list());
  const segments: Segment[] = [];
  for (let at = names.length - 1, count = 0; at >= 0 && count < remembered; at -= 1) {
    const segment = await readSegment(storage, log, names[at] ?? "");
    segments.unshift(segment);
    count += segment.records.length;
  }
  const isWhole = segments.length === names.length;
  const records = segments.flatMap((segment) => segment.records);
  const marks = segments.flatMap((segment) => segment.marks);
  const seen = new SeenIds(remembered);
  const before = idsBefore(records, marks, isWhole);
  if (before !== undefined) seen.startBehind(before);
  for (const record of records) seen.take(record.update, record.receivedAtMs, record.anew);
  const newest = segments.at(-1);
  return {
    seen,
    newestSeq: records.at(-1)?.seq ?? 0,
    newestEpoch: Math.max(0, ...marks.map((mark) => mark.epoch)),
    botId: marks.at(-1)?.botId,
    segment: newest && { ...newest, records: newest.records.length },
  };
}

/** Ids taken before the records at hand, where those are not all. */
function idsBefore(
  records: readonly LoggedRecord[],
  marks: readonly TenureMark[],
  isWhole: boolean,
): NewestIds | undefined {
  const [first] = records;
  // Segments may have been removed behind it: then the mark at the beginning remembers.
  if (first === undefined) return marks.findLast((mark) => mark.ids !== undefined)?.ids;
  const atTheBeginning = marks[0]?.ids;
  if (isWhole || atTheBeginning !== undefined) return atTheBeginning;
  return { top: first.updateId - 1, receivedAtMs: first.receivedAtMs };
}

async function readSegment(storage: LogStorage, log: Log, name: string): Promise<Segment> {
  const records: LoggedRecord[] = [];
  const marks: TenureMark[] = [];
  let epoch = 0;
  const lines = await SegmentLines.open(storage, name);
  try {
    for (let some = await lines.next(); some.length > 0; some = await lines.next()) {
      for (const { text, number } of some) {
        const line = decodeLine(text);
        if (line.kind === "damaged") {
          await keepDamagedLine(storage, log, { segment: name, line: number, text, why: line.why });
        } else if (line.kind === "mark") {
          epoch = Math.max(epoch, line.mark.epoch);
          marks.push(line.mark);
        } else if (line.record.epoch >= epoch) {
          epoch = line.record.epoch;
          records.push(line.record);
        }
      }
    }
    const halfLine = await lines.halfLine();
    return { name, records, marks, length: lines.position, halfLine };
  } finally {
    await lines.close();
  }
}
