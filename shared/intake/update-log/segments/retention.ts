import { decodeLine } from "./log-line.ts";
import type { LogStorage } from "./log-storage.ts";
import { SegmentLines } from "./segment-lines.ts";
import { firstSeqOf, segmentsOf } from "./segment-name.ts";

/** Twice as long as Telegram keeps updates itself. */
const keptAtLeastMs = 48 * 3_600_000;

/**
 * Removes the segments that every reader has behind it and whose newest record is older than 48 hours; never the
 * newest segment. What was copied aside from a segment goes after it. Without cursors nothing is removed: then nobody said what is done with.
 * @param cursors low-water marks of all bots that read this log
 * @returns the names of what was removed
 */
export async function removeOldSegments(
  storage: LogStorage,
  cursors: readonly number[],
  nowMs: number,
): Promise<string[]> {
  if (cursors.length === 0) return [];
  const slowest = Math.min(...cursors);
  const names = segmentsOf(await storage.list());
  const removed: string[] = [];
  for (const [index, name] of names.slice(0, -1).entries()) {
    const successor = names[index + 1] ?? "";
    const isBehindAll = (firstSeqOf(successor) ?? 0) - 1 <= slowest;
    if (!isBehindAll) break;
    const closedAtMs = await beginningOf(storage, successor);
    if (closedAtMs === undefined || nowMs - closedAtMs < keptAtLeastMs) break;
    await storage.remove(name);
    removed.push(name);
  }
  const [oldestKept = ""] = names.slice(removed.length);
  for (const name of await storage.list()) {
    if (!isAside(name) || name >= oldestKept) continue;
    await storage.remove(name);
    removed.push(name);
  }
  return removed;
}

/** What was copied aside from a segment (a half line, a damaged one); its name begins with the segment's. */
function isAside(name: string): boolean {
  return /^\d{16}\.jsonl\..+\.(torn|damaged)$/.test(name);
}

/** When a segment was begun, which is when the one before it was closed; undefined where its first line is not whole. */
async function beginningOf(storage: LogStorage, name: string): Promise<number | undefined> {
  const lines = await SegmentLines.open(storage, name);
  try {
    const [first] = await lines.next();
    const line = first === undefined ? undefined : decodeLine(first.text);
    return line?.kind === "mark" ? line.mark.atMs : undefined;
  } finally {
    await lines.close();
  }
}
