import type { LogStorage, ReadFile } from "./log-storage.ts";

/** One whole line of a segment, without its end. */
export interface SegmentLine {
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** As an editor counts: from 1. */
  readonly number: number;
}

const newline = 0x0a;
/** Most batches fit; a longer line grows the buffer. */
const chunkBytes = 64 * 1024;

/**
 * Reads the whole lines of one segment from a position on. What stands behind the last line end is never returned:
 * it is being written, or it is the half line of a writer that died.
 */
export class SegmentLines {
  /** The next line begins here; always the start of a line. */
  position = 0;
  private lineNumber = 0;
  private readonly file: ReadFile;
  private buffer = Buffer.allocUnsafe(chunkBytes);

  private constructor(file: ReadFile) {
    this.file = file;
  }

  /** @throws the system's error, `ENOENT` when the segment was removed */
  static async open(storage: LogStorage, name: string): Promise<SegmentLines> {
    return new SegmentLines(await storage.openForRead(name));
  }

  /** What now stands where a line began; undefined where no whole line does. */
  async reread(start: number): Promise<string | undefined> {
    const parts: Buffer[] = [];
    for (let at = start; ; ) {
      const part = Buffer.allocUnsafe(chunkBytes);
      const count = await this.file.read(part, at);
      if (count === 0) return undefined;
      const end = part.subarray(0, count).indexOf(newline);
      parts.push(part.subarray(0, end === -1 ? count : end));
      if (end !== -1) return Buffer.concat(parts).toString("utf8");
      at += count;
    }
  }

  /** The next lines, some at a time; none at the end of what is written so far. */
  async next(): Promise<SegmentLine[]> {
    for (let filled = 0; ; ) {
      if (filled === this.buffer.byteLength) this.grow();
      const count = await this.file.read(this.buffer.subarray(filled), this.position + filled);
      if (count === 0) return [];
      filled += count;
      const lines = this.cut(filled);
      if (lines.length > 0) return lines;
    }
  }

  /** Bytes behind the last whole line. */
  async halfLine(): Promise<Uint8Array> {
    const parts: Buffer[] = [];
    for (let at = this.position; ; ) {
      const part = Buffer.allocUnsafe(chunkBytes);
      const count = await this.file.read(part, at);
      if (count === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, count));
      at += count;
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private cut(filled: number): SegmentLine[] {
    const lines: SegmentLine[] = [];
    // The rest of the buffer is old.
    const fresh = this.buffer.subarray(0, filled);
    const base = this.position;
    let from = 0;
    for (let to = fresh.indexOf(newline); to !== -1; to = fresh.indexOf(newline, from)) {
      this.lineNumber += 1;
      const text = fresh.toString("utf8", from, to);
      lines.push({ text, start: base + from, number: this.lineNumber });
      from = to + 1;
    }
    this.position = base + from;
    return lines;
  }

  private grow(): void {
    const larger = Buffer.allocUnsafe(this.buffer.byteLength * 2);
    this.buffer.copy(larger);
    this.buffer = larger;
  }
}
