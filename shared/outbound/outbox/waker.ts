import type { Clock } from "../../clock.ts";

/** A rest that a call from outside ends early. A call while nobody rests ends the next rest at once. */
export class Waker {
  private readonly clock: Clock;
  private called = false;
  private end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  wake(): void {
    this.called = true;
    this.end?.();
  }

  /** Resolves when woken, after `ms` (undefined: never by itself), or as soon as the signal aborts. */
  async rest(ms: number | undefined, signal: AbortSignal): Promise<void> {
    if (!this.called && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          cancel?.();
          signal.removeEventListener("abort", end);
          this.end = undefined;
          resolve();
        };
        const cancel = ms === undefined ? undefined : this.clock.schedule(ms, end);
        signal.addEventListener("abort", end, { once: true });
        this.end = end;
      });
    }
    this.called = false;
  }
}
