import type { Block, Chain } from "../../shared/chain/chain.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Log } from "../../shared/logger.ts";
import type { Holdings, Snapshot } from "./holdings/snapshot.ts";
import type { TreasuryOptions } from "./options.ts";
import { holdingsPage } from "./pages/holdings-page.ts";
import { type Course, courseOf, type SpanName } from "./past/course.ts";
import type { History } from "./past/history.ts";
import { sampleOf } from "./past/sample.ts";
import type { Announcer } from "./watch/announcer.ts";
import type { WatchMemory } from "./watch/watch-memory.ts";

export interface TreasuryParts {
  readonly chain: Chain;
  readonly options: TreasuryOptions;
  readonly holdings: Holdings;
  readonly history: History;
  readonly memory: WatchMemory;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Under every page of holdings. */
export const chartButtons = {
  inline_keyboard: [
    [
      { text: "📈 Day", callback_data: "chart:day" },
      { text: "Week", callback_data: "chart:week" },
      { text: "Month", callback_data: "chart:month" },
    ],
  ],
};

/** What the commands and the watch of this bot share. */
export class Treasury {
  readonly parts: TreasuryParts;

  constructor(parts: TreasuryParts) {
    this.parts = parts;
  }

  /** What is held after a block; default: the newest. Rejects with a ChainError while the chain cannot be asked. */
  async look(signal: AbortSignal, block?: Block): Promise<Snapshot> {
    return this.parts.holdings.read(block ?? (await this.parts.chain.head(signal)), signal);
  }

  page(title: string, snapshot: Snapshot): string {
    const { chain, options } = this.parts;
    const course = this.course("day", snapshot);
    return holdingsPage(title, snapshot, { chain, zone: options.time_zone, course });
  }

  /** How the value came to what it is; undefined where nothing is known of before. */
  course(span: SpanName, snapshot: Snapshot): Course | undefined {
    return courseOf(this.parts.history.samples, sampleOf(snapshot), span);
  }
}
