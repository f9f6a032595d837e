/**
 * What the update log needs of a disk: one folder of files that grow at their end. A port, so that tests can let it
 * fail at any step; the real one is in folder-storage.ts. Everything rejects with the system's error.
 */
export interface LogStorage {
  /** Where it is, for people. */
  readonly place: string;
  /** Names of all files in the folder, in any order; a folder that does not exist yet is empty. */
  list(): Promise<readonly string[]>;
  /** A new, empty file; its name is safe on the disk when this resolves. `EEXIST` where the name is taken. */
  create(name: string): Promise<AppendFile>;
  openForAppend(name: string): Promise<AppendFile>;
  openForRead(name: string): Promise<ReadFile>;
  remove(name: string): Promise<void>;
}

export interface AppendFile {
  size(): Promise<number>;
  /** Adds at the end, wherever that is by now. After a failure any part of it may have been added. */
  append(bytes: Uint8Array): Promise<void>;
  /** Writes over what stands at a position. */
  rewrite(bytes: Uint8Array, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadFile {
  /** Reads into the buffer and says how many bytes there were; 0 at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}
