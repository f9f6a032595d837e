import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import type { Log } from "../../logger.ts";
import type { HolderRecord } from "../../polling-lock/holder-record.ts";
import { lockName } from "../../polling-lock/lock-name.ts";
import { acquirePollingLock, type PollingLock } from "../../polling-lock/named-lock.ts";

/** The named lock of a bot's token in the hands of this process: taken once, given back last of all. */
export class LockKeeper {
  private readonly settings: BotSettings;
  private readonly clock: Clock;
  private readonly log: Log;
  private held: PollingLock | undefined;

  constructor(settings: BotSettings, clock: Clock, log: Log) {
    this.settings = settings;
    this.clock = clock;
    this.log = log;
  }

  /**
   * The lock, at once where it is held already.
   * @param onHeld called with whoever has it, as often as that may be another one
   * @throws PollingLockHeldError after `waitMs`; the signal's reason
   */
  async take(
    waitMs: number,
    signal: AbortSignal,
    onHeld?: (holder: HolderRecord) => void,
  ): Promise<PollingLock> {
    const { settings, clock, log } = this;
    this.held ??= await acquirePollingLock({
      lockDir: settings.lockDir,
      name: lockName(settings.botId, settings.mainBotId),
      botId: settings.botId,
      label: `bot ${settings.name}`,
      waitMs,
      clock,
      log,
      signal,
      ...(onHeld === undefined ? {} : { onHeld }),
    });
    return this.held;
  }

  async giveBack(): Promise<void> {
    const lock = this.held;
    this.held = undefined;
    await lock?.release();
  }
}
