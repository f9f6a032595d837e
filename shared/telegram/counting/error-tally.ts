import { z } from "zod";

const counts = z.record(z.string(), z.int().nonnegative());

/** What the file of the counters holds. Slots are keyed by their start in epoch milliseconds. */
const storedTally = z.object({
  version: z.literal(1),
  since: z.int().nonnegative(),
  totals: counts,
  slots: z.record(z.string().regex(/^\d+$/), counts),
});

export type Counts = Readonly<Record<string, number>>;

export interface ErrorSnapshot {
  /** When counting began, in epoch milliseconds. */
  readonly sinceMs: number;
  /** Since counting began. */
  readonly totals: Counts;
  readonly lastHour: Counts;
  readonly lastDay: Counts;
}

const slotMs = 10 * 60_000;
const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** Older slots are forgotten; the totals keep them. */
const keptMs = 7 * dayMs;

/** Counts per kind and slot of ten minutes, so that "the last hour" means it to within ten minutes. */
export class ErrorTally {
  private readonly sinceMs: number;
  private readonly totals: Map<string, number>;
  private readonly slots: Map<number, Map<string, number>>;

  private constructor(sinceMs: number, totals: Counts, slots: readonly [number, Counts][]) {
    this.sinceMs = sinceMs;
    this.totals = new Map(Object.entries(totals));
    this.slots = new Map(slots.map(([start, kinds]) => [start, new Map(Object.entries(kinds))]));
  }

  static empty(nowMs: number): ErrorTally {
    return new ErrorTally(nowMs, {}, []);
  }

  /** @throws when the text is not a tally */
  static parse(text: string): ErrorTally {
    const stored = storedTally.parse(JSON.parse(text));
    const slots = Object.entries(stored.slots).map(([start, kinds]): [number, Counts] => [
      Number(start),
      kinds,
    ]);
    return new ErrorTally(stored.since, stored.totals, slots);
  }

  add(kind: string, nowMs: number): void {
    const start = Math.floor(nowMs / slotMs) * slotMs;
    let slot = this.slots.get(start);
    if (slot === undefined) {
      slot = new Map();
      this.slots.set(start, slot);
      this.forgetBefore(nowMs - keptMs);
    }
    slot.set(kind, (slot.get(kind) ?? 0) + 1);
    this.totals.set(kind, (this.totals.get(kind) ?? 0) + 1);
  }

  snapshot(nowMs: number): ErrorSnapshot {
    return {
      sinceMs: this.sinceMs,
      totals: Object.fromEntries(this.totals),
      lastHour: this.sumSince(nowMs - hourMs),
      lastDay: this.sumSince(nowMs - dayMs),
    };
  }

  toText(): string {
    const slots: Record<string, Counts> = {};
    for (const [start, kinds] of this.slots) slots[start] = Object.fromEntries(kinds);
    const stored: z.infer<typeof storedTally> = {
      version: 1,
      since: this.sinceMs,
      totals: Object.fromEntries(this.totals),
      slots,
    };
    return `${JSON.stringify(stored)}\n`;
  }

  private forgetBefore(limitMs: number): void {
    for (const start of this.slots.keys()) if (start + slotMs <= limitMs) this.slots.delete(start);
  }

  /** A slot counts when any part of it lies in the time asked for. */
  private sumSince(limitMs: number): Counts {
    const sum = new Map<string, number>();
    for (const [start, kinds] of this.slots) {
      if (start + slotMs <= limitMs) continue;
      for (const [kind, count] of kinds) sum.set(kind, (sum.get(kind) ?? 0) + count);
    }
    return Object.fromEntries(sum);
  }
}
