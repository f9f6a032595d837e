import { closeSync, fdatasync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { errorMessage, systemErrorCode } from "../../errors.ts";
import { writeFileAtomicSync } from "../../storage/atomic-file.ts";

const syncData = promisify(fdatasync);

/** What a cursor needs of a disk; a port, so that tests can let it fail. Everything throws the system's error. */
export interface CursorFile {
  /** Where it is, for people. */
  readonly place: string;
  /** Undefined where there is none yet. */
  read(): string | undefined;
  /**
   * Adds to the end. When it returns the text survives the end of this process, but not a power cut. A write of some
   * dozen bytes into the page cache takes 3 microseconds here; a way through the thread pool takes 45.
   */
  append(text: string): void;
  /** What was added survives a power cut. Never during `replace`. */
  sync(): Promise<void>;
  /** Puts a new text in the place of the whole; on the disk when it returns. */
  replace(text: string): void;
  close(): void;
}

/** The system's words for a failed read do not name the file. */
function unreadable(place: string, error: unknown): Error {
  const why = errorMessage(error);
  return new Error(
    `${place} says what was handled, and it cannot be read (${why}). Make it readable; it goes on by itself then.`,
    { cause: error },
  );
}

export class DiskCursorFile implements CursorFile {
  readonly place: string;
  private descriptor: number | undefined;

  constructor(path: string) {
    this.place = path;
  }

  read(): string | undefined {
    try {
      return readFileSync(this.place, "utf8");
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw unreadable(this.place, error);
    }
  }

  append(text: string): void {
    const descriptor = this.opened();
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(descriptor, bytes, done);
  }

  sync(): Promise<void> {
    return syncData(this.opened());
  }

  replace(text: string): void {
    try {
      writeFileAtomicSync(this.place, text);
    } finally {
      // Even a failure may have come after the new file took the name.
      this.close();
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private opened(): number {
    if (this.descriptor === undefined) {
      mkdirSync(dirname(this.place), { recursive: true, mode: 0o700 });
      this.descriptor = openSync(this.place, "a", 0o600);
    }
    return this.descriptor;
  }
}
