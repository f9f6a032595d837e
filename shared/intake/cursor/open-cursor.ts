import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { setAside } from "../../storage/set-aside.ts";
import { type CursorFile, DiskCursorFile } from "./cursor-file.ts";
import { type CursorText, decodeCursor } from "./cursor-line.ts";
import { FileCursor } from "./file-cursor.ts";
import { Progress } from "./progress.ts";

export interface CursorOptions {
  /** `cursorPath(...)`. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `newestSeq` of the log's reader. */
  readonly newestSeq: () => number | Promise<number>;
  /** Where a bot begins that has no cursor yet: with all that the log holds, or with what comes from now on. */
  readonly start: "oldest" | "newest" | { readonly after: () => Promise<number> };
  readonly file?: CursorFile;
  readonly compactAtBytes?: number;
}

const compactAtBytes = 1024 * 1024;

/** @param logDir `updateLogDir(...)` @param bot its name */
export function cursorPath(logDir: string, bot: string): string {
  return join(logDir, "cursors", `${bot}.jsonl`);
}

/**
 * Opens the cursor of one bot on one log. Of a damaged file everything that can be read counts; a file that says nothing
 * is set aside, and the bot begins at the start of what the log holds: rather twice (and said so by the number of the
 * attempt) than never. Where the log ends before the mark, part of the log was lost; the mark goes back to its end.
 * @throws the system's error when the file cannot be read, or not be written although it must be
 */
export async function openCursor(options: CursorOptions): Promise<FileCursor> {
  const { path, clock, log, start } = options;
  const file = options.file ?? new DiskCursorFile(path);
  const newestSeq = await options.newestSeq();
  const text = file.read();
  const found = text === undefined ? undefined : decodeCursor(text);
  if (found !== undefined) await reportDamage(found, options);
  const progress =
    found?.progress ?? beginning(found === undefined ? await positionOf(start, newestSeq) : 0);
  if (progress.lowWater > newestSeq) {
    log.warn("The update log ends before the cursor; the cursor goes back to its end.", {
      file: path,
      cursor: progress.lowWater,
      log: newestSeq,
    });
    progress.pullBackTo(newestSeq);
  }
  const cursor = new FileCursor({
    progress,
    unsureUpTo: found?.isPartial === true ? newestSeq : 0,
    file,
    clock,
    log,
    compactAtBytes: options.compactAtBytes ?? compactAtBytes,
  });
  // Without a snapshot at its beginning a file says nothing; with one, a full disk must not keep the bot from starting.
  const mustWrite = found?.progress === undefined || found.isPartial;
  await cursor.compact().catch((error: unknown) => {
    if (mustWrite) throw error;
    log.warn("The cursor file could not be written anew; it goes on at its end.", {
      file: path,
      cause: errorMessage(error),
    });
  });
  return cursor;
}

async function reportDamage(found: CursorText, { path, clock, log }: CursorOptions): Promise<void> {
  if (found.progress === undefined) {
    log.error(
      "The cursor file is broken and was set aside; everything that the log holds comes again.",
      { file: path, movedTo: await setAside(path, clock) },
    );
    return;
  }
  if (found.damaged.length === 0) return;
  const copy = `${path}.damaged-${new Date(clock.now()).toISOString().replaceAll(":", "-")}`;
  await copyFile(path, copy);
  log.error(
    "Lines of the cursor file are damaged; a copy is kept, and some updates may come again.",
    {
      file: path,
      lines: found.damaged.map(({ line }) => line).join(", "),
      why: found.damaged[0]?.why,
      copy,
    },
  );
}

async function positionOf(start: CursorOptions["start"], newestSeq: number): Promise<number> {
  if (typeof start === "object") return start.after();
  return start === "newest" ? newestSeq : 0;
}

function beginning(lowWater: number): Progress {
  return new Progress({ lowWater, origin: lowWater, handled: [], tries: [] });
}

/**
 * The mark of a bot that may run in another process: for the removal of old segments. It may lag behind. Undefined where
 * there is no usable file.
 */
export function readLowWater(path: string): number | undefined {
  return peekProgress(path)?.lowWater;
}

/** The whole of what such a bot has handled and tried, without any effect on the file. */
export function peekProgress(path: string): Progress | undefined {
  const text = new DiskCursorFile(path).read();
  return text === undefined ? undefined : decodeCursor(text).progress;
}
