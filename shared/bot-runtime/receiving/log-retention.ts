import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import { cursorPath, readLowWater } from "../../intake/cursor/open-cursor.ts";
import { updateLogDir } from "../../intake/update-log/open-log.ts";
import { FolderStorage } from "../../intake/update-log/segments/folder-storage.ts";
import { removeOldSegments } from "../../intake/update-log/segments/retention.ts";
import type { Log } from "../../logger.ts";

const intervalMs = 3_600_000;

/** Lets the poller of a token remove what every bot of the token has handled long ago: at its start, then every hour. */
export class LogRetention {
  private readonly dir: string;
  private readonly names: readonly string[];
  private readonly clock: Clock;
  private readonly log: Log;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(stateDir: string, botId: number, names: readonly string[], clock: Clock, log: Log) {
    this.dir = updateLogDir(stateDir, botId);
    this.names = names;
    this.clock = clock;
    this.log = log;
  }

  /** Call it after a completed poll: without polls nothing new comes, and nothing needs to go. */
  async tidy(): Promise<void> {
    const nowMs = this.clock.now();
    // By the calendar, as the age of segments; whichever way it was set, a jump does not keep us waiting for it.
    if (Math.abs(nowMs - this.lastMs) < intervalMs) return;
    this.lastMs = nowMs;
    try {
      // A bot that never read the log has no claim: it will begin with what comes then.
      const cursors = this.names
        .map((name) => readLowWater(cursorPath(this.dir, name)))
        .filter((position) => position !== undefined);
      const removed = await removeOldSegments(new FolderStorage(this.dir), cursors, nowMs);
      if (removed.length > 0)
        this.log.info("old segments of the update log were removed", { removed });
    } catch (error) {
      this.log.warn("Old segments of the update log could not be removed.", {
        folder: this.dir,
        cause: errorMessage(error),
      });
    }
  }
}
