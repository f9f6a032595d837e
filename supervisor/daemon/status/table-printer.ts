import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { FleetStatus } from "../../../shared/contract/fleet-status.ts";
import { statusTable } from "./status-table.ts";

/** So long nothing may change before the table is printed: four bots starting are one table, not twelve. */
const settleMs = 400;

export interface TablePrinterOptions {
  readonly status: () => FleetStatus;
  readonly clock: Clock;
  readonly print: (text: string) => void;
}

/** Prints the fleet's table at the start and whenever a bot's state has changed and settled. */
export class TablePrinter {
  private readonly options: TablePrinterOptions;
  private cancelTimer: Cancel | undefined;
  private printed = "";

  constructor(options: TablePrinterOptions) {
    this.options = options;
  }

  changed(): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.schedule(settleMs, () => {
      this.cancelTimer = undefined;
      this.printIfNew();
    });
  }

  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private printIfNew(): void {
    const { status, clock, print } = this.options;
    const bots = status().bots;
    // A countdown alone is no news.
    const news = bots.map(({ name, state, pid, polling, reason }) => [
      name,
      state,
      pid,
      polling.state,
      polling.reason,
      reason,
    ]);
    const key = JSON.stringify(news);
    if (key === this.printed) return;
    this.printed = key;
    print(`\n${statusTable(bots, clock.now())}\n`);
  }
}
