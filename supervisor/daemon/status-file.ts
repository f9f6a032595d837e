import type { Cancel, Clock } from "../../shared/clock.ts";
import { type FleetStatus, fleetStatusPath } from "../../shared/contract/fleet-status.ts";
import { errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/logger.ts";
import { writeFileAtomic } from "../../shared/storage/atomic-file.ts";

/** Changes that come together (four bots starting) are one write. */
const gatherMs = 100;

/** Keeps `status.json` true: every change is in the file within 100 ms, one write at a time. */
export class StatusFile {
  private readonly path: string;
  private readonly compose: () => FleetStatus;
  private readonly clock: Clock;
  private readonly log: Log;
  private cancelTimer: Cancel | undefined;
  private lastWrite: Promise<void> = Promise.resolve();

  constructor(stateDir: string, compose: () => FleetStatus, clock: Clock, log: Log) {
    this.path = fleetStatusPath(stateDir);
    this.compose = compose;
    this.clock = clock;
    this.log = log;
  }

  changed(): void {
    this.cancelTimer ??= this.clock.schedule(gatherMs, () => {
      this.cancelTimer = undefined;
      void this.write();
    });
  }

  /** Writes the present state now and resolves when it is on disk. */
  async flush(): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    await this.write();
  }

  private write(): Promise<void> {
    const before = this.lastWrite;
    this.lastWrite = (async () => {
      await before;
      await this.writeNow();
    })();
    return this.lastWrite;
  }

  private async writeNow(): Promise<void> {
    try {
      await writeFileAtomic(this.path, `${JSON.stringify(this.compose(), null, 2)}\n`);
    } catch (error) {
      // The fleet must go on with a full disk; the next change tries again.
      this.log.warn("The status file could not be written; status shows an older state.", {
        file: this.path,
        error: errorMessage(error),
      });
    }
  }
}
