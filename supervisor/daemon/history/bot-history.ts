import type { HandledReport } from "../../../shared/contract/intake-report.ts";
import type { ErrorCounts } from "../../../shared/contract/ipc.ts";
import type { Minute } from "../../control/contract/history.ts";

export const everyMs = 60_000;
export const keptMinutes = 360;

/** What a bot has told of itself. */
interface BotFigures {
  /** Counts of its present process; undefined where it has told none. */
  readonly handled: HandledReport | undefined;
  /** Of the 24 hours before; undefined where the present process has told nothing yet. */
  readonly errors: ErrorCounts | undefined;
  readonly waiting: number;
}

type Writable = { -readonly [K in keyof Minute]: Minute[K] };

/** The last hours of one bot: counts become differences, levels become the minute's highest. */
export class BotHistory {
  private readonly minutes: Writable[];
  private handled: HandledReport | undefined;
  private errors: ErrorCounts | undefined;

  constructor(minutes: readonly Minute[]) {
    this.minutes = minutes.map((minute) => ({ ...minute }));
  }

  take({ handled, errors, waiting }: BotFigures, nowMs: number): void {
    if (handled !== undefined) this.takeHandled(handled, nowMs);
    if (errors !== undefined) this.takeErrors(errors, nowMs);
    if (waiting > 0) {
      const minute = this.minuteOf(nowMs);
      minute.waiting = Math.max(minute.waiting ?? 0, waiting);
    }
  }

  takeMemory(bytes: number, nowMs: number): void {
    const minute = this.minuteOf(nowMs);
    minute.memoryBytes = Math.max(minute.memoryBytes ?? 0, bytes);
  }

  since(instantMs: number, nowMs: number): Minute[] {
    const first = Math.max(instantMs, nowMs - keptMinutes * everyMs);
    return this.minutes.filter(({ at }) => at + everyMs > first);
  }

  private takeHandled(handled: HandledReport, nowMs: number): void {
    // Less than before: another process, which began at zero.
    const before = handled.count < (this.handled?.count ?? 0) ? undefined : this.handled;
    this.handled = handled;
    const fresh = handled.count - (before?.count ?? 0);
    if (fresh === 0) return;
    const minute = this.minuteOf(nowMs);
    minute.handled = (minute.handled ?? 0) + fresh;
    const took = new Map(minute.took);
    const known = countsOf(before);
    for (const [bound, count] of countsOf(handled)) {
      const more = count - (known.get(bound) ?? 0);
      if (more > 0) took.set(bound, (took.get(bound) ?? 0) + more);
    }
    minute.took = [...took];
  }

  /** What falls out of the 24 hours makes less, never an error that did not happen. */
  private takeErrors(errors: ErrorCounts, nowMs: number): void {
    const before = this.errors;
    this.errors = errors;
    // What is told first was counted before our time.
    if (before === undefined) return;
    for (const [kind, count] of Object.entries(errors)) {
      const fresh = count - (before[kind] ?? 0);
      if (fresh <= 0) continue;
      const minute = this.minuteOf(nowMs);
      minute.errors = { ...minute.errors, [kind]: (minute.errors?.[kind] ?? 0) + fresh };
    }
  }

  private minuteOf(nowMs: number): Writable {
    const at = Math.floor(nowMs / everyMs) * everyMs;
    const last = this.minutes.at(-1);
    // A wall clock that was set back goes on in the newest minute.
    if (last !== undefined && last.at >= at) return last;
    const minute: Writable = { at };
    this.minutes.push(minute);
    while ((this.minutes[0]?.at ?? at) <= at - keptMinutes * everyMs) this.minutes.shift();
    return minute;
  }
}

/** How many took at most so long and longer than the bound before; null for those above all bounds. */
function countsOf(handled: HandledReport | undefined): Map<number | null, number> {
  const counts = new Map<number | null, number>();
  let below = 0;
  for (const [bound, upTo] of handled?.within ?? []) {
    counts.set(bound, upTo - below);
    below = upTo;
  }
  counts.set(null, (handled?.count ?? 0) - below);
  return counts;
}
