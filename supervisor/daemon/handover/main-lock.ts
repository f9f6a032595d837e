import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { lockName } from "../../../shared/polling-lock/lock-name.ts";
import { acquirePollingLock, type PollingLock } from "../../../shared/polling-lock/named-lock.ts";

/** How long the lock is waited for when main comes back; then main tries again later. */
const takeBackMs = 10_000;

export interface MainLockOptions {
  readonly lockDir: string;
  readonly botId: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The lock that we held is gone. */
  readonly onLost: () => void;
}

/** The named lock of the fleet's main token: held while main runs or comes back, given away when main is gone. */
export class MainLock {
  private readonly options: MainLockOptions;
  private lock: PollingLock | undefined;

  private constructor(options: MainLockOptions) {
    this.options = options;
  }

  /** @throws LockHeldError at once when somebody else has it */
  static async take(options: MainLockOptions, signal: AbortSignal): Promise<MainLock> {
    const mainLock = new MainLock(options);
    await mainLock.acquire(0, signal);
    return mainLock;
  }

  /** Nothing to do where it is held. @throws LockHeldError when it did not become free in time; the signal's reason */
  async takeBack(signal: AbortSignal): Promise<void> {
    if (this.lock === undefined) await this.acquire(takeBackMs, signal);
  }

  async release(): Promise<void> {
    const lock = this.lock;
    this.lock = undefined;
    await lock?.release();
  }

  private async acquire(waitMs: number, signal: AbortSignal): Promise<void> {
    const { lockDir, botId, clock, log, onLost } = this.options;
    const lock = await acquirePollingLock({
      lockDir,
      name: lockName(botId, botId),
      botId,
      label: "supervisor",
      waitMs,
      clock,
      log,
      signal,
    });
    this.lock = lock;
    lock.lost.addEventListener("abort", onLost, { once: true });
  }
}
