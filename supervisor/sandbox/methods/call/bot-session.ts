import type { Clock } from "../../../../shared/clock.ts";

const logOutPauseMs = 10 * 60_000;
const closePauseMs = 10 * 60_000;

/** Whether a bot is logged in at this server; lost on restart, as the server's own sessions begin anew. */
export class BotSession {
  private readonly clock: Clock;
  private startedMs: number;
  private loggedOutUntilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedMs = clock.monotonic();
  }

  /** For 10 minutes after logOut every call is refused. */
  get loggedOut(): boolean {
    return this.clock.monotonic() < this.loggedOutUntilMs;
  }

  logOut(): void {
    this.loggedOutUntilMs = this.clock.monotonic() + logOutPauseMs;
  }

  /** Seconds until `close` is allowed; 0 when it is. */
  secondsUntilClosable(): number {
    const leftMs = this.startedMs + closePauseMs - this.clock.monotonic();
    return Math.max(0, Math.ceil(leftMs / 1000));
  }

  restart(): void {
    this.startedMs = this.clock.monotonic();
  }
}
