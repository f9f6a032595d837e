import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { lockName } from "../../../shared/polling-lock/lock-name.ts";
import { acquirePollingLock, type PollingLock } from "../../../shared/polling-lock/named-lock.ts";

export interface TokenLockOptions {
  readonly lockDir: string;
  readonly botId: number;
  readonly mainBotId: number;
  /** Who holds it, for people who look into the record. */
  readonly label: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The lock that we held is gone. */
  readonly onLost: () => void;
}

/** The named lock of a token that somebody else polls: held while that bot runs or comes back, given away when it is gone. */
export class TokenLock {
  private readonly options: TokenLockOptions;
  private lock: PollingLock | undefined;
  /** Taking and releasing follow each other in the order of the calls. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: TokenLockOptions) {
    this.options = options;
  }

  /** Nothing to do where it is held. @throws LockHeldError when it did not become free in time; the signal's reason */
  take(waitMs: number, signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      if (this.lock === undefined) await this.acquire(waitMs, signal);
    });
  }

  /** May be called at any time, also twice. */
  release(): Promise<void> {
    return this.inTurn(async () => {
      const lock = this.lock;
      this.lock = undefined;
      await lock?.release();
    });
  }

  private async acquire(waitMs: number, signal: AbortSignal): Promise<void> {
    const { lockDir, botId, mainBotId, label, clock, log, onLost } = this.options;
    const lock = await acquirePollingLock({
      lockDir,
      name: lockName(botId, mainBotId),
      botId,
      label,
      waitMs,
      clock,
      log,
      signal,
    });
    // Given up while it was being taken: whoever asked must not be told that it is theirs.
    if (signal.aborted) {
      await lock.release();
      signal.throwIfAborted();
    }
    this.lock = lock;
    const lost = (): void => {
      if (this.lock !== lock) return;
      this.lock = undefined;
      log.error("The polling lock was lost.", { cause: lock.lost.reason });
      onLost();
    };
    lock.lost.addEventListener("abort", lost, { once: true });
    if (lock.lost.aborted) lost();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    // The next one goes on whatever became of this one; who asked hears of a failure.
    this.turn = done.catch(() => undefined);
    return done;
  }
}
