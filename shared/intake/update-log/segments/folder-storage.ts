import { constants, writeSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../../../errors.ts";
import type { AppendFile, LogStorage, ReadFile } from "./log-storage.ts";

const appendExisting = constants.O_WRONLY | constants.O_APPEND;

/** A log's folder on the disk of this machine; made at the first write, for its owner alone. */
export class FolderStorage implements LogStorage {
  readonly place: string;

  constructor(folder: string) {
    this.place = folder;
  }

  async list(): Promise<readonly string[]> {
    try {
      return await readdir(this.place);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return [];
      throw error;
    }
  }

  async create(name: string): Promise<AppendFile> {
    await mkdir(this.place, { recursive: true, mode: 0o700 });
    const file = await open(join(this.place, name), "ax", 0o600);
    try {
      const folder = await open(this.place, "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    return new FolderAppendFile(join(this.place, name), file);
  }

  async openForAppend(name: string): Promise<AppendFile> {
    const path = join(this.place, name);
    // Without O_CREAT: a name that vanished must not come back as an empty file.
    return new FolderAppendFile(path, await open(path, appendExisting));
  }

  async openForRead(name: string): Promise<ReadFile> {
    const file = await open(join(this.place, name), "r");
    return {
      read: async (buffer, position) =>
        (await file.read(buffer, 0, buffer.byteLength, position)).bytesRead,
      close: () => file.close(),
    };
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.place, name));
  }
}

class FolderAppendFile implements AppendFile {
  private readonly path: string;
  private readonly file: FileHandle;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  async size(): Promise<number> {
    return (await this.file.stat()).size;
  }

  // Into the page cache at once: a way through the thread pool, and back to a busy thread, takes longer. The sync, which
  // waits for the disk, goes that way.
  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(this.file.fd, bytes, done);
  }

  async rewrite(bytes: Uint8Array, position: number): Promise<void> {
    // Linux ignores the position on a file opened for appending.
    const file = await open(this.path, "r+");
    try {
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await file.write(bytes, done, undefined, position + done);
        done += bytesWritten;
      }
    } finally {
      await file.close();
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
