import type { Cancel, Clock } from "../../../../shared/clock.ts";

export interface Stall {
  readonly silentMs: number;
  readonly elapsedMs: number;
}

/**
 * Notices when nothing is heard of a turn: after the given time, and again each time the silence has doubled. While a
 * person is asked, silence is theirs.
 */
export class StallWatch {
  private readonly clock: Clock;
  private readonly afterMs: number;
  private readonly onStall: (stall: Stall) => void;
  private readonly lastSignMs: () => number;
  private readonly startedMs: number;
  private heardMs: number;
  private nextSilenceMs: number;
  private isPaused = false;
  private cancelTimer: Cancel | undefined;

  /** @param lastSignMs when the agent last said anything at all, also what is no event (monotonic) */
  constructor(
    clock: Clock,
    afterMs: number,
    onStall: (stall: Stall) => void,
    lastSignMs: () => number,
  ) {
    this.clock = clock;
    this.afterMs = afterMs;
    this.onStall = onStall;
    this.lastSignMs = lastSignMs;
    this.startedMs = clock.monotonic();
    this.heardMs = this.startedMs;
    this.nextSilenceMs = afterMs;
    this.arm();
  }

  /** An agent that streams says this thousands of times: the timer is moved only when it fires. */
  heard(): void {
    this.heardMs = this.clock.monotonic();
    this.nextSilenceMs = this.afterMs;
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.heard();
  }

  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private arm(): void {
    const silentMs = this.clock.monotonic() - this.heardMs;
    this.cancelTimer = this.clock.schedule(Math.max(1, this.nextSilenceMs - silentMs), () => {
      this.look();
    });
  }

  private look(): void {
    const nowMs = this.clock.monotonic();
    const signMs = this.lastSignMs();
    if (signMs > this.heardMs) {
      this.heardMs = signMs;
      this.nextSilenceMs = this.afterMs;
    }
    const silentMs = nowMs - this.heardMs;
    if (this.isPaused) this.heard();
    else if (silentMs >= this.nextSilenceMs) {
      this.nextSilenceMs *= 2;
      this.onStall({ silentMs, elapsedMs: nowMs - this.startedMs });
    }
    this.arm();
  }
}
