import { type FileHandle, open } from "node:fs/promises";
import { systemErrorCode } from "../../../shared/errors.ts";
import type { Reading } from "../../control/contract/readings.ts";

/** As much of a log as is read for one answer. */
const mostBytes = 128 * 1024;
const newline = 10;

interface Place {
  readonly inode: number;
  readonly offset: number;
}

/**
 * The end of a log file, or what came after a place that an earlier answer named, over one rotation, too. A file that is
 * not there is an empty one.
 */
export async function readLogTail(
  path: string,
  after: string | undefined,
): Promise<Reading<"logs">> {
  const from = parsePlace(after);
  const file = await openLog(path);
  if (file === undefined) return { lines: [], next: after ?? "0-0", cut: false };
  try {
    const { ino, size } = await file.stat();
    if (from?.inode === ino && from.offset <= size) return await readFrom(file, ino, from.offset);
    const rest = from === undefined ? undefined : await restOfRotated(`${path}.1`, from);
    const fresh = await readFrom(file, ino, 0);
    if (rest === undefined) return fresh;
    return { ...fresh, lines: [...rest.lines, ...fresh.lines], cut: rest.cut || fresh.cut };
  } finally {
    await file.close();
  }
}

/** What the reader had not seen when the file was renamed away; undefined where that is another file by now. */
async function restOfRotated(path: string, from: Place): Promise<Reading<"logs"> | undefined> {
  const file = await openLog(path);
  if (file === undefined) return undefined;
  try {
    const { ino } = await file.stat();
    return ino === from.inode ? await readFrom(file, ino, from.offset) : undefined;
  } finally {
    await file.close();
  }
}

/** Whole lines only: one that is being written comes with the next answer. */
async function readFrom(file: FileHandle, inode: number, wanted: number): Promise<Reading<"logs">> {
  const { size } = await file.stat();
  const start = Math.max(wanted, size - mostBytes);
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const bytes = buffer.subarray(0, bytesRead);
  const end = bytes.lastIndexOf(newline) + 1;
  const cut = start > wanted;
  // Where lines were left out, the first one is most likely a part of one.
  const begin = cut ? Math.min(bytes.indexOf(newline) + 1, end) : 0;
  const text = bytes.subarray(begin, end).toString("utf8");
  return {
    lines: text === "" ? [] : text.slice(0, -1).split("\n"),
    next: `${inode}-${start + end}`,
    cut,
  };
}

function parsePlace(place: string | undefined): Place | undefined {
  if (place === undefined) return undefined;
  const [inode = 0, offset = 0] = place.split("-").map(Number);
  return { inode, offset };
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
