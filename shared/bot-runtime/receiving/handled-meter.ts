import { type HandledReport, handledBoundsMs } from "../../contract/handled-report.ts";

/** Counts what a bot has handled, and how long each update took from its receipt. */
export class HandledMeter {
  private count = 0;
  private totalMs = 0;
  private readonly buckets = new Array<number>(handledBoundsMs.length + 1).fill(0);

  /** @param tookMs below zero where the wall clock was set back meanwhile */
  handled(tookMs: number): void {
    const ms = Math.max(0, tookMs);
    const found = handledBoundsMs.findIndex((bound) => ms <= bound);
    const bucket = found < 0 ? handledBoundsMs.length : found;
    this.count += 1;
    this.totalMs += ms;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
  }

  report(): HandledReport {
    return { count: this.count, totalMs: this.totalMs, buckets: [...this.buckets] };
  }
}
