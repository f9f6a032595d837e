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
  /** Lines that the disk refused. */
  droppedLines = 0;
  private descriptor: number | undefined;
  private sizeBytes = 0;
  private readonly path: string;
  private readonly options: LogFileOptions;

  constructor(path: string, options: LogFileOptions = { maxBytes: 10_000_000, maxFiles: 5 }) {
    this.path = path;
    this.options = options;
  }

  /** Writes one line. A full or missing disk must not stop a bot: the line is dropped and counted. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      if (this.descriptor !== undefined && this.sizeBytes + bytes.length > this.options.maxBytes)
        this.rotate();
      this.descriptor ??= this.open();
      writeSync(this.descriptor, bytes);
      this.sizeBytes += bytes.length;
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

  private open(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(this.path, "a", 0o600);
    this.sizeBytes = fstatSync(descriptor).size;
    return descriptor;
  }

  private rotate(): void {
    this.close();
    rmSync(`${this.path}.${this.options.maxFiles}`, { force: true });
    for (let number = this.options.maxFiles - 1; number >= 1; number -= 1) {
      renameIfThere(`${this.path}.${number}`, `${this.path}.${number + 1}`);
    }
    renameIfThere(this.path, `${this.path}.1`);
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
}
