import type { Cancel, Clock } from "../../../shared/clock.ts";

export interface HangWatchOptions {
  readonly pingIntervalMs: number;
  readonly hungAfterMs: number;
  readonly clock: Clock;
  readonly ping: (sequence: number) => void;
  /** Asked, and no answer within half a second; and when there was one after all. For people: nothing follows from it. */
  readonly silent: (isSilent: boolean) => void;
  /** Called once; the watch has then ended. */
  readonly hung: (silentMs: number) => void;
}

/** A timer that fires later than this was held up by our own event loop, whose backlog may hold the answer. */
const ownDelayMs = 1_000;
/** A bot that works on something for so long without looking up shall be seen to do so. */
const silentAfterMs = 500;

/**
 * Finds a bot whose event loop no longer turns. Anything the bot says is a sign of life; only a bot that was silent
 * for a whole interval is asked, so that a talking bot costs one timer per interval and no message.
 */
export class HangWatch {
  private readonly options: HangWatchOptions;
  private lastHeardMs: number;
  private askedMs: number | undefined;
  private sequence = 0;
  private cancel: Cancel = () => undefined;
  private cancelSilent: Cancel = () => undefined;
  private isSilent = false;
  private waiters: (() => void)[] = [];

  constructor(options: HangWatchOptions) {
    this.options = options;
    this.lastHeardMs = options.clock.monotonic();
    this.wait(options.pingIntervalMs);
  }

  heard(): void {
    this.lastHeardMs = this.options.clock.monotonic();
    if (this.askedMs === undefined) return;
    this.askedMs = undefined;
    this.cancel();
    this.cancelSilent();
    this.sayWhetherSilent(false);
    this.wait(this.options.pingIntervalMs);
  }

  /** Asks now, whatever the bot said lately. Resolves with its answer, or when it is known to be silent. */
  askNow(): Promise<void> {
    if (this.isSilent) return Promise.resolve();
    const answered = new Promise<void>((resolve) => {
      this.waiters.push(resolve);
    });
    if (this.askedMs === undefined) {
      this.cancel();
      this.ask(this.options.clock.monotonic());
    }
    return answered;
  }

  end(): void {
    this.askedMs = undefined;
    this.cancel();
    this.cancelSilent();
    this.sayWhetherSilent(false);
  }

  private sayWhetherSilent(isSilent: boolean): void {
    if (isSilent !== this.isSilent) {
      this.isSilent = isSilent;
      this.options.silent(isSilent);
    }
    for (const answered of this.waiters.splice(0)) answered();
  }

  private wait(ms: number): void {
    const dueMs = this.options.clock.monotonic() + ms;
    this.cancel = this.options.clock.schedule(ms, () => {
      this.look(dueMs);
    });
  }

  private look(dueMs: number): void {
    const { clock, hung, pingIntervalMs } = this.options;
    const nowMs = clock.monotonic();
    const silentMs = nowMs - this.lastHeardMs;
    if (this.askedMs === undefined) {
      if (silentMs < pingIntervalMs) this.wait(pingIntervalMs - silentMs);
      else this.ask(nowMs);
    } else if (nowMs - dueMs > ownDelayMs) {
      this.ask(nowMs);
    } else {
      this.end();
      hung(silentMs);
    }
  }

  private ask(nowMs: number): void {
    this.askedMs = nowMs;
    this.sequence += 1;
    this.cancelSilent();
    this.cancelSilent = this.options.clock.schedule(silentAfterMs, () => {
      this.sayWhetherSilent(true);
    });
    this.wait(this.options.hungAfterMs);
    this.options.ping(this.sequence);
  }
}
