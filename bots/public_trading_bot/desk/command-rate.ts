import type { Clock } from "../../../shared/clock.ts";

const minuteMs = 60_000;

interface Minute {
  readonly beganMs: number;
  readonly count: number;
}

/** How often one person may ask within a minute. Whoever asks more often is told once, and not heard until it is over. */
export class CommandRate {
  private readonly minutes = new Map<number, Minute>();
  private readonly perMinute: number;
  private readonly clock: Clock;

  constructor(perMinute: number, clock: Clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  take(user: number): "go" | "tell" | "silent" {
    const nowMs = this.clock.monotonic();
    const running = this.minutes.get(user);
    const minute =
      running !== undefined && nowMs - running.beganMs < minuteMs
        ? running
        : { beganMs: nowMs, count: 0 };
    // Anew at the end of the map, so that the oldest stand first.
    if (minute.count === 0) this.minutes.delete(user);
    this.minutes.set(user, { ...minute, count: minute.count + 1 });
    this.forgetOld(nowMs);
    if (minute.count < this.perMinute) return "go";
    return minute.count === this.perMinute ? "tell" : "silent";
  }

  private forgetOld(nowMs: number): void {
    for (const [user, { beganMs }] of this.minutes) {
      if (nowMs - beganMs < minuteMs) return;
      this.minutes.delete(user);
    }
  }
}
