import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemErrorCode } from "../errors.ts";

export interface AtomicFileOptions {
  /** Permission bits of the new file; state is for its owner only unless said otherwise. */
  readonly mode?: number;
}

const ownerOnlyFile = 0o600;
const ownerOnlyFolder = 0o700;

/**
 * Replaces a file as a whole: a reader, also one after a power cut, sees the old text or the new one, never a part.
 * When the promise resolves, text and name are on the disk. Missing folders are made for their owner alone.
 * @throws the system's error (`ENOSPC`, `EACCES`, ...); the old file is then untouched and nothing is left beside it
 */
export async function writeFileAtomic(
  path: string,
  text: string,
  options: AtomicFileOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: ownerOnlyFolder });
  const draft = draftPath(path);
  try {
    // "wx": never through a symlink that somebody laid at our name.
    const file = await open(draft, "wx", options.mode ?? ownerOnlyFile);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The same as {@link writeFileAtomic}, for the last moments of a process. */
export function writeFileAtomicSync(
  path: string,
  text: string,
  options: AtomicFileOptions = {},
): void {
  mkdirSync(dirname(path), { recursive: true, mode: ownerOnlyFolder });
  const draft = draftPath(path);
  try {
    const descriptor = openSync(draft, "wx", options.mode ?? ownerOnlyFile);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** In the same folder, because a rename is atomic only within one file system; unique, because writers may overlap. */
function draftPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomUUID()}.tmp`);
}

/**
 * The text of a file that may not be there yet: then it is empty.
 * @throws the system's error where it is there and cannot be read
 */
export async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return "";
    throw error;
  }
}
