import type { Cancel, Clock } from "../../../../shared/clock.ts";

/** Counts down while a session rests. At most one timer. */
export class IdleTimer {
  private readonly clock: Clock;
  private readonly onIdle: () => void;
  private cancelTimer: Cancel | undefined;

  constructor(clock: Clock, onIdle: () => void) {
    this.clock = clock;
    this.onIdle = onIdle;
  }

  get isArmed(): boolean {
    return this.cancelTimer !== undefined;
  }

  /** From the beginning, whatever had passed. */
  arm(timeoutMs: number): void {
    this.cancel();
    this.cancelTimer = this.clock.schedule(timeoutMs, () => {
      this.cancelTimer = undefined;
      this.onIdle();
    });
  }

  cancel(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}
