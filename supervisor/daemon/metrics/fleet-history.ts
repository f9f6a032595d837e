import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { History } from "../../control/contract/orders.ts";
import type { FleetPicture } from "../../control/contract/picture.ts";

/** Charts of hours need no finer steps, and a sample of 100 bots every minute is nothing. */
const everyMs = 60_000;
const keptMs = 24 * 3_600_000;

export interface FleetHistoryOptions {
  readonly read: () => FleetPicture;
  readonly clock: Clock;
}

/** The last 24 hours in samples of a minute, in memory: they begin anew with the supervisor. */
export class FleetHistory {
  private readonly options: FleetHistoryOptions;
  private readonly samples: History["samples"] = [];
  private cancel: Cancel = () => undefined;

  constructor(options: FleetHistoryOptions) {
    this.options = options;
    this.next();
  }

  since({ since = 0 }: { readonly since?: number | undefined }): History {
    return { everyMs, samples: this.samples.filter(({ at }) => at > since) };
  }

  close(): void {
    this.cancel();
  }

  private next(): void {
    this.cancel = this.options.clock.schedule(everyMs, () => {
      this.take();
      this.next();
    });
  }

  private take(): void {
    const at = this.options.clock.now();
    const { bots } = this.options.read();
    this.samples.push({
      at,
      bots: Object.fromEntries(
        bots.map(({ name, intake, errors, restarts, usage }) => [
          name,
          {
            handled: intake?.handled?.count ?? 0,
            failedAttempts: intake?.handled?.failedAttempts ?? 0,
            seconds: intake?.handled?.seconds ?? 0,
            waiting: intake?.depth ?? 0,
            errors: { ...errors },
            restarts,
            memoryBytes: usage?.memoryBytes ?? null,
            cpuPercent: usage?.cpuPercent ?? null,
          },
        ]),
      ),
    });
    while ((this.samples[0]?.at ?? at) <= at - keptMs) this.samples.shift();
  }
}
