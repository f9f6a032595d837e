import type { Clock } from "../clock.ts";
import type { BotSettings } from "../config/bot-settings.ts";
import type { PollingReport } from "../contract/polling-report.ts";
import type { Log } from "../logger.ts";
import { raiseEpoch } from "../polling-lock/epoch.ts";
import { PollingLockHeldError } from "../polling-lock/held-error.ts";
import { describeHolder } from "../polling-lock/holder-record.ts";
import { lockName } from "../polling-lock/lock-name.ts";
import { acquirePollingLock, type PollingLock } from "../polling-lock/named-lock.ts";
import { acquirePollGuard } from "../polling-lock/poll-guard.ts";

/** An auxiliary bot waits this long for its token's lock before it goes on without polling (issue: 5 s). */
const auxiliaryLockWaitMs = 5_000;

export interface ReceivingDeps {
  readonly settings: BotSettings;
  readonly supervised: boolean;
  /** `SKIP_TELEGRAM_LOCK=1`: somebody holds the named lock for us. Never skips the poll guard. */
  readonly skipNamedLock: boolean;
  readonly clock: Clock;
  readonly log: Log;
  report(report: PollingReport): void;
  /** Makes sure that Telegram knows the token; waits while it cannot be reached. Called once. */
  introduce(signal: AbortSignal): Promise<void>;
  /** Polls until the signal aborts; the right to poll is held all the while. */
  poll(signal: AbortSignal, ownsToken: () => boolean): Promise<unknown>;
}

export type ReceivingEnd = "stopped" | "disabled" | "lock_lost";

/**
 * A bot's receiving side: named lock, poll guard, epoch, then polling; given back in reverse. Resolves when the
 * signal aborts, when the named lock of main is lost, or (supervised auxiliary bot, lock held) at once: it then
 * works without polling.
 * @throws LockHeldError when main's lock is held by another
 */
export async function receive(deps: ReceivingDeps, signal: AbortSignal): Promise<ReceivingEnd> {
  try {
    return await receiveUntilEnd(deps, signal);
  } catch (error) {
    // A wait that the stop ended is no failure.
    if (signal.aborted) return "stopped";
    throw error;
  }
}

async function receiveUntilEnd(deps: ReceivingDeps, signal: AbortSignal): Promise<ReceivingEnd> {
  let introduced = false;
  while (!signal.aborted) {
    const lock = await takeNamedLock(deps, signal);
    if (lock === "disabled") return "disabled";
    const lost = lock === "skipped" ? undefined : lock.lost;
    try {
      if (!introduced) await deps.introduce(signal);
      introduced = true;
      await pollUnderGuard(deps, lock === "skipped" ? undefined : lock, signal);
    } finally {
      if (lock !== "skipped") await lock.release();
    }
    if (lost?.aborted === true && !signal.aborted) {
      deps.log.error("The polling lock was lost; polling has stopped.", { cause: lost.reason });
      if (deps.settings.role === "main") return "lock_lost";
    }
  }
  return "stopped";
}

async function takeNamedLock(
  deps: ReceivingDeps,
  signal: AbortSignal,
): Promise<PollingLock | "skipped" | "disabled"> {
  if (deps.skipNamedLock) return "skipped";
  const { settings, clock, log } = deps;
  const acquire = (waitMs: number): Promise<PollingLock> =>
    acquirePollingLock({
      lockDir: settings.lockDir,
      name: lockName(settings.botId, settings.mainBotId),
      botId: settings.botId,
      label: `bot ${settings.name}`,
      waitMs,
      clock,
      log,
      signal,
    });
  if (settings.role === "main") return acquire(0);
  deps.report({ state: "waiting_for_lock" });
  try {
    return await acquire(auxiliaryLockWaitMs);
  } catch (error) {
    if (!(error instanceof PollingLockHeldError)) throw error;
    const holder = error.holder === undefined ? "an unknown process" : describeHolder(error.holder);
    log.warn("polling disabled: lock held", { holder });
    deps.report({ state: "disabled", reason: `lock held ${holder}` });
    // Under a supervisor it is the supervisor that hands polling on; alone, the bot takes the lock when it is free.
    return deps.supervised ? "disabled" : acquire(Number.POSITIVE_INFINITY);
  }
}

async function pollUnderGuard(
  deps: ReceivingDeps,
  lock: PollingLock | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { settings, log } = deps;
  const owned = lock === undefined ? signal : AbortSignal.any([signal, lock.lost]);
  const guard = await acquirePollGuard({
    apiRoot: settings.apiRoot,
    botId: settings.botId,
    clock: deps.clock,
    signal: owned,
    onWait: () => {
      log.warn("Another process polls this token; waiting until it has ended.", {
        botId: settings.botId,
      });
      deps.report({ state: "waiting_for_guard", reason: "another process still polls this token" });
    },
  });
  try {
    // The record may know of a later epoch than our own file: another state directory polled this token.
    const epoch = await raiseEpoch(settings.stateDir, settings.botId, log, {
      clock: deps.clock,
      greatestSeen: lock?.holder.epoch ?? 0,
    });
    await lock?.updateEpoch(epoch);
    log.info("polling begins", { botId: settings.botId, epoch });
    // Not the same as the signal: at an ordinary stop the right is ours until the last confirmation is sent.
    await deps.poll(owned, () => lock?.lost.aborted !== true);
  } finally {
    await guard.release();
  }
}
