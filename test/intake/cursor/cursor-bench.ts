import type { FileCursor } from "../../../shared/intake/cursor/file-cursor.ts";
import { openCursor } from "../../../shared/intake/cursor/open-cursor.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { MemoryCursorFile } from "./memory-cursor-file.ts";

/** A cursor on a log of the positions 1 to `newestSeq`. */
export class CursorBench {
  file = new MemoryCursorFile();
  readonly clock = new ManualClock();
  readonly log = recordingLog();
  newestSeq = 1_000;

  open(
    options: { start?: "oldest" | "newest"; compactAtBytes?: number } = {},
  ): Promise<FileCursor> {
    return openCursor({
      path: "/memory/cursor",
      clock: this.clock,
      log: this.log,
      newestSeq: () => this.newestSeq,
      start: "oldest",
      file: this.file,
      ...options,
    });
  }

  /** The process ends at once; the system keeps what was written. */
  kill(): void {
    this.file = new MemoryCursorFile(this.file.text);
  }

  /** The power goes; what was not synced is gone. */
  cutPower(): void {
    this.file = new MemoryCursorFile(this.file.safe);
  }
}

/** Lets the lines of this turn be written. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
