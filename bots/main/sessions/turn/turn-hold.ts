import type { Cancel, Clock } from "../../../../shared/clock.ts";

/**
 * Why no turn is begun although messages may wait. `pausing`: for a moment, until the disk takes something
 * again. `undecided`: a turn was interrupted by a restart. `blocked`: the history could not be resumed.
 */
export type Hold = "none" | "pausing" | "undecided" | "blocked" | "stopping" | "closed";

/** Holds the turns of one session back; `closed` is for good. */
export class TurnHold {
  private readonly clock: Clock;
  private readonly onRelease: () => void;
  private current: Hold = "none";
  private cancelPause: Cancel | undefined;

  /** @param onRelease called when a pause is over */
  constructor(clock: Clock, onRelease: () => void) {
    this.clock = clock;
    this.onRelease = onRelease;
  }

  get state(): Hold {
    return this.current;
  }

  /** Whether a turn may begin, or may in a moment. */
  get isLoose(): boolean {
    return this.current === "none" || this.current === "pausing";
  }

  become(hold: Hold): void {
    this.cancelPause?.();
    this.cancelPause = undefined;
    if (this.current !== "closed") this.current = hold;
  }

  /** Only what is named is released. @returns whether it was */
  release(hold: Hold): boolean {
    if (this.current !== hold) return false;
    this.become("none");
    return true;
  }

  /** For so long from now, if nothing else holds. */
  pause(ms: number): void {
    if (!this.isLoose) return;
    this.become("pausing");
    this.cancelPause = this.clock.schedule(ms, () => {
      this.become("none");
      this.onRelease();
    });
  }
}
