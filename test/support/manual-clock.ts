import type { Cancel, Clock } from "../../shared/clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that moves only when the test says so. Timers due at one moment fire in the order they were set. */
export class ManualClock implements Clock {
  private elapsedMs = 0;
  private order = 0;
  private readonly timers = new Set<Timer>();
  private readonly startMs: number;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.startMs = startMs;
  }

  now(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const cancel = this.schedule(ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  schedule(ms: number, action: () => void): Cancel {
    this.order += 1;
    const timer: Timer = { dueMs: this.elapsedMs + ms, order: this.order, action };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  /** How many timers wait: 0 after a clean stop. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Milliseconds until the next timer, or undefined when none waits. */
  get nextTimerInMs(): number | undefined {
    const next = this.nextTimer();
    return next === undefined ? undefined : next.dueMs - this.elapsedMs;
  }

  /** Moves time forward and fires what falls due, letting promises settle between the timers. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.elapsedMs + ms;
    await settle();
    for (
      let timer = this.nextTimer();
      timer !== undefined && timer.dueMs <= targetMs;
      timer = this.nextTimer()
    ) {
      this.timers.delete(timer);
      this.elapsedMs = timer.dueMs;
      timer.action();
      await settle();
    }
    this.elapsedMs = targetMs;
    await settle();
  }

  private nextTimer(): Timer | undefined {
    return [...this.timers].toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }
}

/** Lets all promise reactions that are ready run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
