import type { Clock } from "../../../../shared/clock.ts";

/** Waits for the end of the running turn, each with its own patience. */
export class EndOfTurn {
  private readonly clock: Clock;
  private readonly waiting = new Set<(isOver: boolean) => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @returns false when it did not come within `ms`, or never will */
  within(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isOver: boolean): void => {
        cancel();
        this.waiting.delete(settle);
        resolve(isOver);
      };
      const cancel = this.clock.schedule(ms, () => {
        settle(false);
      });
      this.waiting.add(settle);
    });
  }

  settle(isOver: boolean): void {
    for (const settle of this.waiting) settle(isOver);
  }
}
