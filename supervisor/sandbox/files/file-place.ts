import { mkdirSync, readdirSync, statSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../../../shared/errors.ts";

/** Where the bytes of files lie, by name. */
export interface FilePlace {
  /** What lay here before this run; oldest first. */
  readonly found: readonly { readonly name: string; readonly size: number }[];
  write(name: string, bytes: Buffer): Promise<void>;
  /** Undefined: it is gone. */
  read(name: string): Promise<Buffer | undefined>;
  remove(name: string): Promise<void>;
}

/** For a sandbox without a folder: ends with the process. */
export function memoryPlace(): FilePlace {
  const kept = new Map<string, Buffer>();
  return {
    found: [],
    async write(name, bytes) {
      kept.set(name, bytes);
    },
    async read(name) {
      return kept.get(name);
    },
    async remove(name) {
      kept.delete(name);
    },
  };
}

/** A folder for its owner alone. @throws the system's error */
export function folderPlace(dir: string): FilePlace {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const found = readdirSync(dir)
    .map((name) => ({ name, stat: statSync(join(dir, name)) }))
    .filter(({ stat }) => stat.isFile())
    .toSorted((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)
    .map(({ name, stat }) => ({ name, size: stat.size }));
  return {
    found,
    // Without fsync: nobody is told that a file of a trial survives a power cut.
    write: (name, bytes) => writeFile(join(dir, name), bytes, { mode: 0o600, flag: "wx" }),
    async read(name) {
      try {
        return await readFile(join(dir, name));
      } catch (error) {
        if (systemErrorCode(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    remove: (name) => rm(join(dir, name), { force: true }),
  };
}
