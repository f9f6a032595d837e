import type { Cancel, Clock } from "../../clock.ts";

/** Telegram shows an action for 5 s (Bot API, `sendChatAction`). */
const repeatMs = 4_500;

/** A sign of life at regular times, until it is stopped or has lasted too long: nobody believes in endless typing. */
export class Typing {
  private readonly clock: Clock;
  private readonly show: () => void;
  private readonly endsAtMs: number;
  private cancel: Cancel | undefined;

  constructor(clock: Clock, longestMs: number, show: () => void) {
    this.clock = clock;
    this.show = show;
    this.endsAtMs = clock.monotonic() + longestMs;
    this.tick();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private tick(): void {
    this.cancel = undefined;
    if (this.clock.monotonic() >= this.endsAtMs) return;
    this.show();
    this.cancel = this.clock.schedule(repeatMs, () => {
      this.tick();
    });
  }
}
