import type { HandledReport } from "../../contract/intake-report.ts";

/** Upper ends in seconds: what people feel as at once, soon, slow, and too late. */
const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

/** How many updates a bot handled since its process began, and how long they took from Telegram's hand to the end. */
export class HandlingMeter {
  private handled = 0;
  private failed = 0;
  private seconds = 0;
  /** Of each bound: how many took so long at most, but longer than the bound before. */
  private readonly within = bounds.map(() => 0);

  /** @param tookMs since it was received */
  ended(well: boolean, tookMs: number): void {
    if (!well) {
      this.failed += 1;
      return;
    }
    const seconds = Math.max(0, tookMs) / 1_000;
    this.handled += 1;
    this.seconds += seconds;
    const at = bounds.findIndex((bound) => seconds <= bound);
    if (at >= 0) this.within[at] = (this.within[at] ?? 0) + 1;
  }

  report(): HandledReport {
    let sum = 0;
    return {
      count: this.handled,
      failedAttempts: this.failed,
      seconds: Math.round(this.seconds * 1_000) / 1_000,
      within: bounds.map((bound, index) => {
        sum += this.within[index] ?? 0;
        return [bound, sum];
      }),
    };
  }
}
