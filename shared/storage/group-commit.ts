import type { GrowingFile } from "./journal-storage.ts";

interface Waiting {
  readonly text: string;
  readonly safe: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends to a file so that many share one sync: while a write is on its way to the disk, whatever comes is gathered,
 * and goes with the next one. One write at a time.
 *
 * A write that fails leaves nothing behind: the file is cut back to what is safe, and until that works nothing more is
 * written. So what was refused cannot appear later.
 */
export class GroupCommit {
  private file: GrowingFile;
  /** Up to here the file is whole. */
  private length: number;
  private waiting: Waiting[] = [];
  /** Lines that nobody waits for; kept when the disk refuses them. */
  private noted = "";
  private cutNeeded = false;
  private running: Promise<void> | undefined;
  private readonly afterWrite: () => Promise<void>;

  /** @param afterWrite called between two writes; it may exchange the file ({@link exchange}) and must not reject */
  constructor(file: GrowingFile, length: number, afterWrite: () => Promise<void>) {
    this.file = file;
    this.length = length;
    this.afterWrite = afterWrite;
  }

  get bytes(): number {
    return this.length;
  }

  /**
   * Resolves when the text is safe on the disk. Rejects with the system's error; then none of it is in the file.
   * @param onSafe called before anything else happens to the file
   */
  commit(text: string, onSafe: () => void = () => undefined): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      const safe = (): void => {
        onSafe();
        resolve();
      };
      this.waiting.push({ text, safe, reject });
    });
    this.run();
    return done;
  }

  /** Written at once, so that the end of the process loses nothing; safe from a power cut with the next commit. */
  note(text: string): void {
    this.noted += text;
    this.run();
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** From `afterWrite` only: goes on in another file, which says all that was written so far. */
  async exchange(file: GrowingFile, length: number): Promise<void> {
    const old = this.file;
    this.file = file;
    this.length = length;
    this.cutNeeded = false;
    try {
      await old.close();
    } catch {
      // Nothing of it is needed any more.
    }
  }

  async close(): Promise<void> {
    await this.idle();
    // What the disk refused earlier may be welcome now.
    if (this.noted !== "") this.run();
    await this.idle();
    await this.file.sync();
    await this.file.close();
  }

  private run(): void {
    this.running ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    // What is said in one turn of the event loop goes together.
    await Promise.resolve();
    while (this.waiting.length > 0 || this.noted !== "") {
      const batch = this.waiting;
      const notes = this.noted;
      this.waiting = [];
      this.noted = "";
      try {
        await this.write(notes + batch.map(({ text }) => text).join(""), batch.length > 0);
        for (const { safe } of batch) safe();
      } catch (error) {
        this.noted = notes + this.noted;
        for (const { reject } of batch) reject(error);
        await this.afterWrite();
        // Notes alone are tried again with the next thing that is said.
        if (this.waiting.length === 0) break;
        continue;
      }
      await this.afterWrite();
    }
    // In the same moment as the last look: whatever is said from here on starts a new run.
    this.running = undefined;
  }

  private async write(text: string, mustSync: boolean): Promise<void> {
    if (this.cutNeeded) await this.file.truncate(this.length);
    this.cutNeeded = true;
    const bytes = Buffer.from(text);
    try {
      await this.file.append(bytes);
      if (mustSync) await this.file.sync();
    } catch (error) {
      await this.cutBack();
      throw error;
    }
    this.length += bytes.byteLength;
    this.cutNeeded = false;
  }

  private async cutBack(): Promise<void> {
    try {
      await this.file.truncate(this.length);
      this.cutNeeded = false;
    } catch {
      // The first error is the one that tells; this is tried again before the next write.
    }
  }
}
