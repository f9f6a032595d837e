import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { firstBurst, isPiece } from "../queue/burst.ts";
import type { Sent } from "../queue/journal-line.ts";

interface Queued {
  readonly sent: Sent | undefined;
}

/** Holds a turn back until its message is whole: the pieces of one come one by one, and their files take their time. */
export class BurstWait {
  private readonly clock: Clock;
  private readonly burstMs: number;
  private readonly onOver: () => void;
  private readonly coming = new Set<Queued>();
  private untilMs = 0;
  private cancelTimer: Cancel | undefined;

  /** @param onOver called when the time for another piece is over */
  constructor(clock: Clock, burstMs: number, onOver: () => void) {
    this.clock = clock;
    this.burstMs = burstMs;
    this.onOver = onOver;
  }

  get isExpecting(): boolean {
    return this.coming.size > 0;
  }

  /** A message is on its way. @returns to be called when it came, or will not */
  expect(sent: Sent | undefined): () => void {
    const message = { sent };
    this.coming.add(message);
    return () => {
      this.coming.delete(message);
    };
  }

  /** A piece came, or the bot hears only from now on: for a moment another one may come. */
  renew(): void {
    this.untilMs = this.clock.monotonic() + this.burstMs;
  }

  /** Whether the first of the messages that wait may get another piece. */
  holds(waiting: readonly Queued[]): boolean {
    this.close();
    const isLast = firstBurst(waiting).length === waiting.length;
    if (!isLast || !isPiece(waiting.at(-1)?.sent)) return false;
    // Whoever expects it asks again.
    if ([...this.coming].some((next) => firstBurst([...waiting, next]).length > waiting.length))
      return true;
    const leftMs = this.untilMs - this.clock.monotonic();
    if (leftMs <= 0) return false;
    this.cancelTimer = this.clock.schedule(leftMs, this.onOver);
    return true;
  }

  close(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}
