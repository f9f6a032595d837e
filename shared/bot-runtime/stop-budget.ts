import type { Cancel, Clock } from "../clock.ts";
import type { StopSwitch } from "../stop-switch.ts";

/** Design section 7: without a supervisor nobody else cleans up, so everything ends within 5 s. */
const orphanStopDeadlineMs = 4_500;
/** How long lanes, and then the outbox, may take at a stop (design section 7: 3 s each, of main's 15 s). */
const longestStageMs = 3_000;
/** What the stages leave to files and lock, at most. */
const filesMs = 1_000;

export interface StopBudgetParts {
  readonly stop: StopSwitch;
  readonly stopDeadlineMs: number;
  readonly clock: Clock;
  /** The ordered stop took too long: the process must not outlive its promise. */
  readonly onOver: (limitMs: number) => void;
}

/** How long an ordered stop may still take. */
export class StopBudget {
  private readonly parts: StopBudgetParts;
  private beganAtMs: number | undefined;
  private orphanedAtMs: number | undefined;
  private cancelTimer: Cancel | undefined;

  constructor(parts: StopBudgetParts) {
    this.parts = parts;
    const begin = (): void => {
      this.beganAtMs = parts.clock.monotonic();
      this.watch();
    };
    parts.stop.signal.addEventListener("abort", begin, { once: true });
  }

  /**
   * The supervisor is gone. Whatever the stop's cause is: the kernel's signal about it, or an order of its own, often
   * comes first.
   */
  orphaned(): void {
    this.orphanedAtMs ??= this.parts.clock.monotonic();
    this.watch();
  }

  /**
   * What the next stage gets, in milliseconds: an equal part of what is left, without what the files need; never more
   * than a third of the whole.
   * @param stages how many are still to come, this one included
   */
  stageMs(stages: number): number {
    const beganAtMs = this.beganAtMs ?? this.parts.clock.monotonic();
    const limitMs = this.endsAtMs(beganAtMs) - beganAtMs;
    const usedMs = this.parts.clock.monotonic() - beganAtMs;
    const leftMs = limitMs - usedMs - Math.min(filesMs, limitMs / 5);
    return Math.max(0, Math.min(longestStageMs, limitMs / 3, leftMs / stages));
  }

  close(): void {
    this.cancelTimer?.();
  }

  private watch(): void {
    const { beganAtMs } = this;
    if (beganAtMs === undefined) return;
    this.cancelTimer?.();
    const endsAtMs = this.endsAtMs(beganAtMs);
    this.cancelTimer = this.parts.clock.schedule(endsAtMs - this.parts.clock.monotonic(), () => {
      this.parts.onOver(endsAtMs - beganAtMs);
    });
  }

  private endsAtMs(beganAtMs: number): number {
    const orphanEndsAtMs = (this.orphanedAtMs ?? Number.POSITIVE_INFINITY) + orphanStopDeadlineMs;
    return Math.min(beganAtMs + this.parts.stopDeadlineMs, orphanEndsAtMs);
  }
}
