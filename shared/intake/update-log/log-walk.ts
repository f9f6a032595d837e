import { systemErrorCode } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import type { JournalRecord } from "./journal.ts";
import { keepDamagedLine } from "./segments/damaged-line.ts";
import { decodeLine, type LogLine, peekRecord } from "./segments/log-line.ts";
import type { LogStorage } from "./segments/log-storage.ts";
import { type SegmentLine, SegmentLines } from "./segments/segment-lines.ts";
import { firstSeqOf, segmentsOf } from "./segments/segment-name.ts";

/**
 * One reader's way through the segments, from a position on. Segments may be added, and removed under it; then it
 * goes on with the next one there is.
 */
export class LogWalk {
  private readonly storage: LogStorage;
  private readonly log: Log;
  private position: number;
  private epoch = 0;
  private segment: { readonly name: string; readonly lines: SegmentLines } | undefined;

  constructor(storage: LogStorage, log: Log, after: number) {
    this.storage = storage;
    this.log = log;
    this.position = after;
  }

  /** Of the last record returned. */
  get after(): number {
    return this.position;
  }

  /**
   * The next records, some at a time; none at the end of what is written so far (ask again later).
   * @throws the system's error when the disk fails
   */
  async next(): Promise<JournalRecord[]> {
    let hasSuccessor = false;
    for (;;) {
      if (this.segment === undefined && !(await this.enter())) return [];
      const lines = await this.segment?.lines.next();
      if (lines !== undefined && lines.length > 0) {
        const records = await this.recordsOf(lines);
        if (records.length > 0) return records;
        continue;
      }
      // What came between our last read and the writer's step to a new segment is read before we follow it.
      if (hasSuccessor) {
        await this.leave();
        hasSuccessor = false;
      } else if ((await this.successor()) === undefined) return [];
      else hasSuccessor = true;
    }
  }

  async close(): Promise<void> {
    const { segment } = this;
    this.segment = undefined;
    await segment?.lines.close();
  }

  /** Goes to the segment of our position, or to the oldest one if that is gone. */
  private async enter(): Promise<boolean> {
    for (;;) {
      const names = segmentsOf(await this.storage.list());
      const name =
        names.findLast((each) => (firstSeqOf(each) ?? 0) <= this.position + 1) ?? names[0];
      if (name === undefined) return false;
      if (await this.open(name)) return true;
    }
  }

  private async leave(): Promise<void> {
    for (;;) {
      const name = await this.successor();
      if (name === undefined || (await this.open(name))) return;
    }
  }

  private async successor(): Promise<string | undefined> {
    const current = this.segment?.name ?? "";
    return segmentsOf(await this.storage.list()).find((name) => name > current);
  }

  /** False when the segment has been removed meanwhile. */
  private async open(name: string): Promise<boolean> {
    try {
      const lines = await SegmentLines.open(this.storage, name);
      await this.close();
      this.segment = { name, lines };
      return true;
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return false;
      throw error;
    }
  }

  private async recordsOf(lines: readonly SegmentLine[]): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for (const each of lines) {
      const begins = peekRecord(each.text);
      // Behind us already, or by a writer that a newer one had replaced: no need to read it.
      if (begins !== undefined && (begins.seq <= this.position || begins.epoch < this.epoch)) {
        this.epoch = Math.max(this.epoch, begins.epoch);
        continue;
      }
      const line = await this.decode(each);
      if (line.kind === "mark") this.epoch = Math.max(this.epoch, line.mark.epoch);
      if (line.kind !== "record") continue;
      const { record } = line;
      this.epoch = record.epoch;
      this.position = record.seq;
      records.push(record);
    }
    return records;
  }

  private async decode(line: SegmentLine): Promise<LogLine> {
    const first = decodeLine(line.text);
    const { segment } = this;
    if (first.kind !== "damaged" || segment === undefined) return first;
    // A half line may have been cut off and written anew while we were reading it.
    const again = await segment.lines.reread(line.start);
    const second = again === undefined ? first : decodeLine(again);
    if (second.kind === "damaged") {
      const { text, number } = line;
      const damage = { segment: segment.name, line: number, text, why: second.why };
      await keepDamagedLine(this.storage, this.log, damage);
    }
    return second;
  }
}
