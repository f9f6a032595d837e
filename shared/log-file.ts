import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode } from "./errors.ts";

export interface LogFileOptions {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/**
 * An append-only file that is renamed away when it is full: `x.log`, `x.log.1`, ... Written synchronously, so
 * that no line is lost at a rotation, at exit or before a SIGKILL (winston's File transport loses some).
 */
export class LogFile {
  /** Lines that the disk refused since the last one that it took. */
  private droppedLines = 0;
  /** The disk took a part of a line and then no more. */
  private endsInHalfLine = false;
  private descriptor: number | undefined;
  private sizeBytes = 0;
  private readonly path: string;
  private readonly options: LogFileOptions;

  constructor(path: string, options: LogFileOptions = { maxBytes: 10_000_000, maxFiles: 5 }) {
    this.path = path;
    this.options = options;
  }

  /**
   * Writes one line. A full or missing disk must not stop a bot: the line is dropped and counted, and the next one that
   * the disk takes says how many are missing.
   */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      this.descriptor ??= this.open();
      if (this.sizeBytes > 0 && this.sizeBytes + bytes.length > this.options.maxBytes)
        this.rotate();
      if (this.droppedLines > 0) {
        this.write(
          Buffer.from(`(${this.droppedLines} lines are missing here: the disk refused them)\n`),
        );
        this.droppedLines = 0;
      }
      this.write(bytes);
    } catch {
      this.droppedLines += 1;
      this.close();
    }
  }

  close(): void {
    if (this.descriptor === undefined) return;
    const descriptor = this.descriptor;
    this.descriptor = undefined;
    closeSync(descriptor);
  }

  /** The whole of it: a disk that fills up takes a part without a word, and refuses at the next try. */
  private write(bytes: Buffer): void {
    const descriptor = (this.descriptor ??= this.open());
    const text = this.endsInHalfLine ? Buffer.concat([Buffer.from("\n"), bytes]) : bytes;
    for (let done = 0; done < text.length; ) {
      const written = writeSync(descriptor, text, done);
      done += written;
      this.sizeBytes += written;
      this.endsInHalfLine = done < text.length;
    }
  }

  private open(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(this.path, "a", 0o600);
    this.sizeBytes = fstatSync(descriptor).size;
    return descriptor;
  }

  /** A folder that lets nothing be renamed costs order on the disk, but no line: the file then grows on. */
  private rotate(): void {
    try {
      rmSync(`${this.path}.${this.options.maxFiles}`, { force: true });
      for (let number = this.options.maxFiles - 1; number >= 1; number -= 1) {
        renameIfThere(`${this.path}.${number}`, `${this.path}.${number + 1}`);
      }
      renameIfThere(this.path, `${this.path}.1`);
      this.close();
      this.endsInHalfLine = false;
    } catch {
      // Tried again when as much again has come.
      this.sizeBytes = 0;
    }
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
}
