import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { systemErrorCode } from "../errors.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import { setAside } from "./set-aside.ts";

/** What the journal needs of a disk: one file that grows at its end. Everything rejects with the system's error. */
export interface JournalStorage {
  /** Where it is, for people. */
  readonly place: string;
  /** Undefined where there is no file yet. */
  read(): Promise<Buffer | undefined>;
  /** Replaces the file as a whole, safely; then {@link openForAppend} it anew. */
  replace(text: string): Promise<void>;
  openForAppend(): Promise<GrowingFile>;
  /** Moves the file out of the way and returns its new name. */
  setAside(): Promise<string>;
}

export interface GrowingFile {
  /** After a failure any part of it may have been added. */
  append(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was appended is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The real one. Files and folders are for their owner alone: they hold what people are told. */
export class DiskStorage implements JournalStorage {
  readonly place: string;
  private readonly clock: Clock;

  constructor(path: string, clock: Clock) {
    this.place = path;
    this.clock = clock;
  }

  async read(): Promise<Buffer | undefined> {
    try {
      return await readFile(this.place);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  replace(text: string): Promise<void> {
    return writeFileAtomic(this.place, text);
  }

  async openForAppend(): Promise<GrowingFile> {
    // Without O_CREAT: a file that vanished must not come back empty and be taken for the whole story.
    return new DiskFile(await open(this.place, constants.O_WRONLY | constants.O_APPEND));
  }

  setAside(): Promise<string> {
    return setAside(this.place, this.clock);
  }
}

class DiskFile implements GrowingFile {
  private readonly file: FileHandle;

  constructor(file: FileHandle) {
    this.file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.byteLength; ) {
      done += (await this.file.write(bytes, done)).bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.file.truncate(length);
  }

  sync(): Promise<void> {
    return this.file.datasync();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
