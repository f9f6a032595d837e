import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";

const quietMs = 500;
/** The next snapshot waits so many times as long as the last one took: a large state never costs more than 5 %. */
const restFactor = 20;

export interface SnapshotsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly write: () => Promise<void>;
}

/** Writes a snapshot a while after something changed: never per message, never two at a time. */
export class Snapshots {
  private readonly options: SnapshotsOptions;
  private cancelTimer: Cancel | undefined;
  private writing: Promise<void> = Promise.resolve();
  private isDirty = false;
  private pauseMs = quietMs;
  private isClosed = false;

  constructor(options: SnapshotsOptions) {
    this.options = options;
  }

  changed(): void {
    this.isDirty = true;
    if (this.cancelTimer !== undefined || this.isClosed) return;
    this.cancelTimer = this.options.clock.schedule(this.pauseMs, () => {
      this.cancelTimer = undefined;
      // The failure was logged; the next change tries again.
      this.flush().catch(() => {});
    });
  }

  /** Everything that changed until now is on the disk when this resolves. @throws the system's error */
  flush(): Promise<void> {
    // One after the other; a failed one does not stop the next.
    const turn = this.writing.then(() => this.writeNow());
    this.writing = turn.catch(() => {});
    return turn;
  }

  /** Saves once more, whatever has changed. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.isDirty = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    await this.flush();
  }

  private async writeNow(): Promise<void> {
    if (!this.isDirty) return;
    this.isDirty = false;
    const { clock, log, write } = this.options;
    const startMs = clock.monotonic();
    try {
      await write();
    } catch (error) {
      this.isDirty = true;
      log.error("The sandbox could not save its state; it goes on and tries again.", { error });
      throw error;
    } finally {
      this.pauseMs = Math.max(quietMs, restFactor * (clock.monotonic() - startMs));
    }
  }
}
