import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { redact } from "../../redact.ts";
import type { Cursor, Past } from "./cursor.ts";
import type { CursorFile } from "./cursor-file.ts";
import type { Progress } from "./progress.ts";
import { StepWriter } from "./step-writer.ts";

export interface FileCursorParts {
  readonly progress: Progress;
  /** Up to here nobody knows for sure what was handled before: no attempt can be taken for the first. */
  readonly unsureUpTo: number;
  readonly file: CursorFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly compactAtBytes: number;
}

/** An error message may hold a whole request; the list of dead letters is read by people. */
const errorTextLength = 300;

/**
 * The cursor of a bot on this machine.
 *
 * How attempts are counted over a SIGKILL without a sync per update: that an attempt begins, and that it ended, is a
 * line in the page cache *before* the handler starts and *when* it ends. So a new life finds what was begun without
 * an end, and that was an attempt, too. What a power cut takes away (up to 100 ms of lines) comes again as if for the
 * first time: the price for not waiting for the disk twice per update. A repeat waits for it, and so does
 * `markHandledNow`.
 */
export class FileCursor implements Cursor {
  private readonly progress: Progress;
  private readonly unsureUpTo: number;
  private readonly writer: StepWriter;
  private readonly file: CursorFile;
  /** Open records in the order of the log, each with the record that was read before it. */
  private readonly taken = new Map<number, number>();
  private lastRead: number;

  constructor(parts: FileCursorParts) {
    const { progress } = parts;
    this.progress = progress;
    this.unsureUpTo = parts.unsureUpTo;
    this.file = parts.file;
    this.lastRead = progress.lowWater;
    this.writer = new StepWriter({
      file: parts.file,
      clock: parts.clock,
      log: parts.log,
      compactAtBytes: parts.compactAtBytes,
      snapshot: () => progress.snapshot(),
      lowWater: () => progress.lowWater,
    });
  }

  get lowWater(): number {
    return this.progress.lowWater;
  }

  get open(): number {
    return this.taken.size;
  }

  get oldestOpen(): number | undefined {
    return this.taken.keys().next().value;
  }

  take(seq: number): boolean {
    if (this.progress.isHandled(seq)) {
      this.passOver(seq);
      return false;
    }
    this.taken.set(seq, this.lastRead);
    this.lastRead = seq;
    return true;
  }

  passOver(seq: number): void {
    this.lastRead = Math.max(this.lastRead, seq);
    this.moveMark();
    void this.writer.say(() => undefined);
  }

  past(seq: number): Past {
    return this.progress.past(seq);
  }

  async begin(seq: number): Promise<number> {
    this.progress.apply({ begun: [seq] });
    const attempt = this.progress.begun(seq) + (seq <= this.unsureUpTo ? 1 : 0);
    await this.writer.say((step) => step.begun.push(seq));
    if (attempt > 1) await this.writer.save();
    return attempt;
  }

  handled(seq: number): void {
    void this.finish(seq);
  }

  async markHandledNow(seq: number): Promise<void> {
    await this.finish(seq);
    await this.writer.save();
  }

  failed(seq: number, error: string): void {
    const text = redact(error).slice(0, errorTextLength);
    this.progress.apply({ failed: [[seq, text]] });
    void this.writer.say((step) => step.failed.push([seq, text]));
  }

  released(seq: number): void {
    this.progress.apply({ released: [seq] });
    void this.writer.say((step) => step.released.push(seq));
  }

  /** Writes the file anew. @throws the system's error */
  compact(): Promise<void> {
    return this.writer.compact();
  }

  save(): Promise<void> {
    return this.writer.save();
  }

  /** @throws the system's error; everything is given back all the same */
  async close(): Promise<void> {
    this.writer.stop();
    try {
      await this.writer.compact();
    } finally {
      this.writer.stop();
      this.file.close();
    }
  }

  private finish(seq: number): Promise<void> {
    if (this.progress.isHandled(seq)) return Promise.resolve();
    this.progress.apply({ handled: [seq] });
    this.taken.delete(seq);
    this.moveMark();
    return this.writer.say((step) => step.handled.push(seq));
  }

  /** Up to the record that was read before the oldest open one. */
  private moveMark(): void {
    const [oldest] = this.taken.values();
    this.progress.apply({ lowWater: oldest ?? this.lastRead });
  }
}
