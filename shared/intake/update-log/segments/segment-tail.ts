import type { AppendFile } from "./log-storage.ts";

/**
 * The growing end of one segment. A batch is one write and one sync. When either fails, nobody knows how much of the
 * batch is in the file: the tail is then *in doubt* until `settle` has found out.
 */
export class SegmentTail {
  readonly name: string;
  private readonly file: AppendFile;
  /** Up to here the file is whole and safe. */
  private length: number;
  private doubtful: readonly Uint8Array[] | undefined;

  constructor(name: string, file: AppendFile, length: number) {
    this.name = name;
    this.file = file;
    this.length = length;
  }

  get bytes(): number {
    return this.length;
  }

  get isInDoubt(): boolean {
    return this.doubtful !== undefined;
  }

  /** Nobody else has added to the file since it was read. */
  async isOurs(): Promise<boolean> {
    return (await this.file.size()) === this.length;
  }

  /** Safe on the disk when it resolves. @throws the system's error; the tail is then in doubt */
  async append(lines: readonly Uint8Array[]): Promise<void> {
    this.doubtful = lines;
    const bytes = Buffer.concat(lines);
    await this.file.append(bytes);
    await this.file.sync();
    this.length += bytes.byteLength;
    this.doubtful = undefined;
  }

  /**
   * After a failed append: keeps the whole lines that reached the file, cuts the half one behind them, and says how
   * many lines are safe now. Whole lines stay because a reader may have read them already.
   * @throws the system's error while the disk still fails; the tail stays in doubt
   */
  async settle(): Promise<number> {
    const lines = this.doubtful ?? [];
    const added = (await this.file.size()) - this.length;
    const kept = wholeLines(lines, added);
    const keptBytes = Buffer.concat(kept);
    if (added > totalLength(lines)) {
      throw new Error(`another process writes ${this.name}; restart the bot to go on behind it`);
    }
    if (added > keptBytes.byteLength) await this.file.truncate(this.length + keptBytes.byteLength);
    // After a failed sync Linux takes the pages for clean: a second sync alone would promise what is not on the disk.
    if (kept.length > 0) await this.file.rewrite(keptBytes, this.length);
    await this.file.sync();
    this.length += keptBytes.byteLength;
    this.doubtful = undefined;
    return kept.length;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function wholeLines(lines: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const whole: Uint8Array[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.byteLength;
    if (length > bytes) break;
    whole.push(line);
  }
  return whole;
}

function totalLength(lines: readonly Uint8Array[]): number {
  return lines.reduce((length, line) => length + line.byteLength, 0);
}
