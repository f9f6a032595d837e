import type { HandledReport } from "../../../shared/contract/handled-report.ts";
import type { ErrorCounts } from "../../../shared/contract/ipc.ts";
import type { BotSlot } from "../../control/contract/readings.ts";

export const stepMs = 60_000;
export const keptSteps = 360;

/** What a bot has told of itself. */
interface BotFigures {
  /** Counts of its present process; undefined where it has told none. */
  readonly handled: HandledReport | undefined;
  readonly errors: ErrorCounts;
  readonly waiting: number;
}

type Slot = { -readonly [K in keyof BotSlot]: BotSlot[K] };

/** The last hours of one bot in minutes: counts become differences, levels become the minute's highest. */
export class BotSeries {
  private readonly slots: Slot[];
  private handled: HandledReport | undefined;
  private errors: ErrorCounts | undefined;

  constructor(slots: readonly BotSlot[]) {
    this.slots = slots.map((slot) => ({ ...slot }));
  }

  take({ handled, errors, waiting }: BotFigures, nowMs: number): void {
    if (handled !== undefined) this.takeHandled(handled, nowMs);
    this.takeErrors(errors, nowMs);
    if (waiting > 0) {
      const slot = this.slotOf(nowMs);
      slot.waiting = Math.max(slot.waiting ?? 0, waiting);
    }
  }

  takeMemory(bytes: number, nowMs: number): void {
    const slot = this.slotOf(nowMs);
    slot.memoryBytes = Math.max(slot.memoryBytes ?? 0, bytes);
  }

  since(instantMs: number, nowMs: number): BotSlot[] {
    const first = Math.max(instantMs, nowMs - keptSteps * stepMs);
    return this.slots.filter(({ at }) => at + stepMs > first);
  }

  private takeHandled(handled: HandledReport, nowMs: number): void {
    // Less than before: another process, which began at zero.
    const before = handled.count < (this.handled?.count ?? 0) ? undefined : this.handled;
    this.handled = handled;
    const fresh = handled.count - (before?.count ?? 0);
    if (fresh <= 0) return;
    const slot = this.slotOf(nowMs);
    slot.handled = (slot.handled ?? 0) + fresh;
    const known = slot.buckets;
    slot.buckets = handled.buckets.map(
      (count, index) => (known?.[index] ?? 0) + count - (before?.buckets[index] ?? 0),
    );
  }

  /** The bot counts those of 24 hours: what falls out of them makes less, never an error that did not happen. */
  private takeErrors(errors: ErrorCounts, nowMs: number): void {
    const before = this.errors;
    // Nothing was told yet; what comes first was counted before our time.
    if (before === undefined && Object.keys(errors).length === 0) return;
    this.errors = errors;
    if (before === undefined) return;
    for (const [kind, count] of Object.entries(errors)) {
      const fresh = count - (before[kind] ?? 0);
      if (fresh <= 0) continue;
      const slot = this.slotOf(nowMs);
      slot.errors = { ...slot.errors, [kind]: (slot.errors?.[kind] ?? 0) + fresh };
    }
  }

  private slotOf(nowMs: number): Slot {
    const at = Math.floor(nowMs / stepMs) * stepMs;
    const last = this.slots.at(-1);
    // A wall clock that was set back goes on in the newest minute.
    if (last !== undefined && last.at >= at) return last;
    const slot: Slot = { at };
    this.slots.push(slot);
    while ((this.slots[0]?.at ?? at) <= at - keptSteps * stepMs) this.slots.shift();
    return slot;
  }
}
