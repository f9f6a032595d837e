import { type FileHandle, open, rename } from "node:fs/promises";
import { systemErrorCode } from "../errors.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { formatEntry, type HistoryEntry, parseEntry } from "./records/history.ts";

/** An entry that is missing can only be the last one; more than this is never read. */
const tailBytes = 64 * 1024;

/** About 7,000 lines. A file that has more is kept as `history.1.md`, in the place of the one before. */
const fullBytes = 1024 * 1024;

const heading = (label: string): string =>
  `# History of ${label}\n\nOne line per transition, newest last; written by tg-supervisor, described in docs/lifecycle-files.md.\n\n`;

/**
 * Appends one line unless its lease has that event already, and puts it on the disk. The caller holds the root's lock.
 * A file that is full makes room for a new one, which begins with this line: the newest line is always in history.md.
 * A torn last line (the writer died in it) is completed; what a person wrote without a line end is kept as it is.
 * @param label whose history it is, for the heading of a new file
 * @throws the system's error; the next writer then finds the line missing and appends it
 */
export async function appendHistory(
  path: string,
  label: string,
  entry: HistoryEntry,
): Promise<"appended" | "there"> {
  const line = `${formatEntry(entry)}\n`;
  const file = await openExisting(path);
  const done = file === undefined ? "missing" : await appendTo(file, line, entry);
  if (done === "there" || done === "appended") return done;
  if (done === "full") await rename(path, path.replace(/\.md$/, ".1.md"));
  await writeFileAtomic(path, heading(label) + line);
  return "appended";
}

async function appendTo(
  file: FileHandle,
  line: string,
  entry: HistoryEntry,
): Promise<"appended" | "there" | "full"> {
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const tail = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(tail, 0, tail.length, start);
    const read = tail.subarray(0, bytesRead);
    const lastLine = read.subarray(read.lastIndexOf(0x0a) + 1);
    const lines = read.toString("utf8").split("\n");
    if (lines.some((text) => isSame(parseEntry(text), entry))) return "there";
    // Our own torn line is a part of what is to be written; compared as bytes, it may end inside a character.
    const torn =
      lastLine.length > 0 && Buffer.from(line).subarray(0, lastLine.length).equals(lastLine);
    if (size >= fullBytes && !torn) return "full";
    if (torn) await file.truncate(size - lastLine.length);
    await writeAll(
      file,
      Buffer.from(lastLine.length > 0 && !torn ? `\n${line}` : line),
      torn ? size - lastLine.length : size,
    );
    await file.sync();
    return "appended";
  } finally {
    await file.close();
  }
}

function isSame(found: HistoryEntry | undefined, entry: HistoryEntry): boolean {
  return found?.leaseId === entry.leaseId && found.event === entry.event;
}

/** A full disk takes a part first and refuses the rest only then. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
