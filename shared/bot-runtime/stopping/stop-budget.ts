import type { Cancel, Clock } from "../../clock.ts";
import type { StopSwitch } from "../../stop-switch.ts";

/** Design section 7: without a supervisor nobody else cleans up, so everything ends within 5 s. */
const orphanStopDeadlineMs = 4_500;
/** What the stages leave to files and lock, at most. */
const filesMs = 1_000;

/** What runs in the lanes may end; then the bot's own processes; then what waits is sent. */
export type StopStage = "lanes" | "drain" | "outbox";

/** Design section 7: of main's 15 s lanes and outbox have 3 s each and agents 5 + 1 s, or 2 s without a supervisor. */
const longestMs: Readonly<Record<StopStage, number>> = {
  lanes: 3_000,
  drain: 6_000,
  outbox: 3_000,
};
const longestOrphanDrainMs = 2_000;
const weights: Readonly<Record<StopStage, number>> = { lanes: 1, drain: 2, outbox: 1 };

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
   * What the next stage gets, in milliseconds: its part of what is left, without what the files need.
   * @param stages those that are still to come, the next one first
   */
  stageMs([stage, ...later]: readonly [StopStage, ...StopStage[]]): number {
    const beganAtMs = this.beganAtMs ?? this.parts.clock.monotonic();
    const limitMs = this.endsAtMs(beganAtMs) - beganAtMs;
    const usedMs = this.parts.clock.monotonic() - beganAtMs;
    const leftMs = limitMs - usedMs - Math.min(filesMs, limitMs / 5);
    const laterWeight = later.reduce((sum, other) => sum + weights[other], 0);
    const partMs = (leftMs * weights[stage]) / (weights[stage] + laterWeight);
    return Math.max(0, Math.floor(Math.min(this.longestMs(stage, limitMs), partMs)));
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

  private longestMs(stage: StopStage, limitMs: number): number {
    if (stage !== "drain") return Math.min(longestMs[stage], limitMs / 3);
    return this.orphanedAtMs === undefined ? longestMs.drain : longestOrphanDrainMs;
  }

  private endsAtMs(beganAtMs: number): number {
    const orphanEndsAtMs = (this.orphanedAtMs ?? Number.POSITIVE_INFINITY) + orphanStopDeadlineMs;
    return Math.min(beganAtMs + this.parts.stopDeadlineMs, orphanEndsAtMs);
  }
}
