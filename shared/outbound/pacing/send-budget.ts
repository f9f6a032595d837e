import type { Cancel, Clock } from "../../clock.ts";
import { negligibleMs } from "./pace.ts";

/** What a token may send, overall. A port: one process has all of it, several are dealt shares. */
export interface SendBudget {
  /** Resolves when `count` requests may leave, first come first served; rejects with the signal's reason. */
  acquire(count: number, signal: AbortSignal): Promise<void>;
}

/** "About 30 messages per second" for one bot token (Bot API FAQ; facts/telegram-bot-api.md, section 4). */
export const tokenPerSecond = 30;

const demandWindowMs = 5_000;

interface Waiter {
  readonly count: number;
  readonly grant: () => void;
}

/**
 * A share of a token's sends, kept by this process: no second ever sees more than the share. A sixth of it may go at
 * once, the rest is spread over the second. The share may change at any time ({@link setShare}); while it is 0
 * everybody waits.
 */
export class PacedBudget implements SendBudget {
  private readonly clock: Clock;
  private perSecond: number;
  private readonly waiters: Waiter[] = [];
  private restedAtMs = Number.NEGATIVE_INFINITY;
  private cancelTimer: Cancel | undefined;
  private granted: { readonly atMs: number; readonly count: number }[] = [];
  private onWanted: () => void = () => undefined;

  constructor(clock: Clock, perSecond = tokenPerSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
  }

  get share(): number {
    return this.perSecond;
  }

  setShare(perSecond: number): void {
    this.perSecond = Math.max(0, perSecond);
    this.serve();
  }

  /** Calls this whenever something wants to leave. */
  watch(onWanted: () => void): void {
    this.onWanted = onWanted;
  }

  /** What this process would use per second if it could: what it got lately, and what waits now. */
  get demandPerSecond(): number {
    this.forgetOld();
    const got = this.granted.reduce((sum, { count }) => sum + count, 0);
    const wanted = this.waiters.reduce((sum, { count }) => sum + count, 0);
    return (got * 1_000) / demandWindowMs + wanted;
  }

  async acquire(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.serve();
      };
      const waiter: Waiter = {
        count,
        grant: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.waiters.push(waiter);
      this.onWanted();
      this.serve();
    });
  }

  private serve(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const nowMs = this.clock.monotonic();
    for (let [first] = this.waiters; first !== undefined; [first] = this.waiters) {
      const waitMs = this.readyAtMs() - nowMs;
      if (waitMs > negligibleMs) {
        if (Number.isFinite(waitMs)) {
          this.cancelTimer = this.clock.schedule(waitMs, () => {
            this.serve();
          });
        }
        return;
      }
      this.waiters.shift();
      const spentMs = (first.count * 1_000) / this.ratePerSecond;
      this.restedAtMs = Math.max(this.restedAtMs, nowMs) + spentMs;
      this.granted.push({ atMs: nowMs, count: first.count });
      this.forgetOld();
      first.grant();
    }
  }

  private readyAtMs(): number {
    if (this.perSecond === 0) return Number.POSITIVE_INFINITY;
    return this.restedAtMs - ((this.burst - 1) * 1_000) / this.ratePerSecond;
  }

  private get burst(): number {
    return Math.max(1, Math.floor(this.perSecond / 6));
  }

  /** Burst and rate together stay within the share in any one second. */
  private get ratePerSecond(): number {
    return Math.max(this.perSecond / 2, this.perSecond - this.burst);
  }

  private forgetOld(): void {
    const sinceMs = this.clock.monotonic() - demandWindowMs;
    if ((this.granted[0]?.atMs ?? sinceMs) < sinceMs) {
      this.granted = this.granted.filter(({ atMs }) => atMs >= sinceMs);
    }
  }
}
