import type { Clock } from "../../clock.ts";
import type { BotSettings } from "../../config/bot-settings.ts";
import type { PollingReport } from "../../contract/polling-report.ts";
import type { Log } from "../../logger.ts";
import { PollingLockHeldError } from "../../polling-lock/held-error.ts";
import { describeHolder, type HolderRecord, readHolder } from "../../polling-lock/holder-record.ts";
import { findLockPaths, lockName } from "../../polling-lock/lock-name.ts";
import type { PollingLock } from "../../polling-lock/named-lock.ts";
import { acquirePollGuard } from "../../polling-lock/poll-guard.ts";
import type { LockKeeper } from "./lock-keeper.ts";
import type { PollingAssignment } from "./polling-assignment.ts";

/** An auxiliary bot waits this long for its token's lock before it goes on without polling (issue: 5 s). */
const auxiliaryLockWaitMs = 5_000;

/** A tenure: the right to poll, for as long as its signal does not abort. */
export interface Tenure {
  readonly signal: AbortSignal;
  /** Still ours: a mere stop of the bot does not end the right. */
  readonly isOurs: () => boolean;
  /** What the holder record knows of earlier epochs. */
  readonly lastEpoch: number;
  /** Writes the epoch of this tenure into the holder record. */
  readonly noteEpoch: (epoch: number) => Promise<void>;
}

export interface ReceivingDeps {
  readonly settings: BotSettings;
  readonly supervised: boolean;
  /** `SKIP_TELEGRAM_LOCK=1`: somebody holds the named lock for us. Never skips the poll guard. */
  readonly skipNamedLock: boolean;
  readonly locks: LockKeeper;
  readonly assignment: PollingAssignment;
  readonly clock: Clock;
  readonly log: Log;
  report(report: PollingReport): void;
  /** Resolves when Telegram knows the token. */
  readonly introduced: Promise<void>;
  /** Polls until the tenure ends, or until the token turns out to be somebody else's. */
  poll(tenure: Tenure): Promise<"ended" | "not_owner">;
}

export type ReceivingEnd = "stopped" | "lock_lost";

/**
 * A bot's polling: named lock, poll guard, then the polling itself; given back in reverse. Where the lock is held, an
 * auxiliary bot waits for it; a supervised one on main's token until its supervisor says so. Meanwhile it reads what the
 * holder polls. Resolves when the signal aborts, or when the lock is lost.
 * @throws LockHeldError when main's lock is held by another; what `introduced` rejects with
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
  for (let waitMs = firstWaitMs(deps); !signal.aborted; waitMs = Number.POSITIVE_INFINITY) {
    const turn = deps.assignment.turn(signal);
    try {
      const end = await takeTurn(deps, waitMs, turn, signal);
      // Who takes it again at once only fights for it: a new process does, a while later.
      if (end === "not_owner" && !signal.aborted) return "lock_lost";
    } catch (error) {
      if (error instanceof PollingLockHeldError && deps.settings.role !== "main") {
        await workWithoutPolling(deps, error, signal);
      } else if (!turn.aborted || signal.aborted) throw error;
    }
    if (deps.assignment.yielded && !signal.aborted) {
      deps.report({ state: "reading", reason: "polling was handed back" });
      await deps.assignment.taken(signal, () => sayWhoHolds(deps));
    }
  }
  return "stopped";
}

function firstWaitMs({ settings }: ReceivingDeps): number {
  return settings.role === "main" ? 0 : auxiliaryLockWaitMs;
}

async function workWithoutPolling(
  deps: ReceivingDeps,
  held: PollingLockHeldError,
  signal: AbortSignal,
): Promise<void> {
  const holder = held.holder === undefined ? "an unknown process" : describeHolder(held.holder);
  deps.log.warn("polling disabled: lock held", { holder });
  await deps.introduced;
  reportHolder(deps, holder);
  // A supervisor hands on polling of main's token. Alone, or on another token, the bot takes the lock when it is free.
  const isHandedOn = deps.supervised && deps.settings.botId === deps.settings.mainBotId;
  if (isHandedOn) await deps.assignment.taken(signal, () => sayWhoHolds(deps));
}

/** The lock has moved since we asked for it: what status shows must name its present holder. */
async function sayWhoHolds(deps: ReceivingDeps): Promise<void> {
  const { settings, log, clock } = deps;
  const { record } = await findLockPaths(
    settings.lockDir,
    lockName(settings.botId, settings.mainBotId),
  );
  const file = await readHolder(record, log, clock);
  // Nobody, for a moment: whoever takes it is told of, too.
  if (file.kind === "read") reportHolder(deps, describeHolder(file.value));
}

function reportHolder(deps: ReceivingDeps, holder: string): void {
  const readsAlong = deps.settings.tokenBots.length > 1;
  deps.report({ state: readsAlong ? "reading" : "disabled", reason: `lock held: ${holder}` });
}

async function takeTurn(
  deps: ReceivingDeps,
  waitMs: number,
  turn: AbortSignal,
  stop: AbortSignal,
): Promise<"ended" | "not_owner"> {
  if (deps.skipNamedLock) return pollUnderGuard(deps, undefined, turn);
  const { locks, log } = deps;
  if (waitMs > 0 && waitMs !== Number.POSITIVE_INFINITY) deps.report({ state: "waiting_for_lock" });
  // While it waits for as long as it takes, the lock goes from one holder to the next.
  const onHeld = (holder: HolderRecord): void => {
    if (waitMs === Number.POSITIVE_INFINITY) reportHolder(deps, describeHolder(holder));
  };
  const lock = await locks.take(waitMs, turn, onHeld);
  try {
    return await pollUnderGuard(deps, lock, turn);
  } catch (error) {
    if (lock.lost.aborted && !turn.aborted) return "not_owner";
    throw error;
  } finally {
    if (lock.lost.aborted)
      log.error("The polling lock was lost; polling has stopped.", { cause: lock.lost.reason });
    // At a stop the lock goes last of all, after the lifecycle files: whoever runs us gives it back.
    if (!stop.aborted) await locks.giveBack();
  }
}

async function pollUnderGuard(
  deps: ReceivingDeps,
  lock: PollingLock | undefined,
  turn: AbortSignal,
): Promise<"ended" | "not_owner"> {
  const { settings, clock, log } = deps;
  await deps.introduced;
  const signal = lock === undefined ? turn : AbortSignal.any([turn, lock.lost]);
  const guard = await acquirePollGuard({
    apiRoot: settings.apiRoot,
    botId: settings.botId,
    clock,
    signal,
    onWait: () => {
      log.warn("Another process polls this token; waiting until it has ended.", {
        botId: settings.botId,
      });
      deps.report({ state: "waiting_for_guard", reason: "another process still polls this token" });
    },
  });
  try {
    const end = await deps.poll({
      signal,
      isOurs: () => lock?.lost.aborted !== true,
      lastEpoch: lock?.holder.epoch ?? 0,
      noteEpoch: async (epoch) => lock?.updateEpoch(epoch),
    });
    return lock?.lost.aborted === true ? "not_owner" : end;
  } finally {
    await guard.release();
  }
}
