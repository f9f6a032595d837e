import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { lock as lockDirectory } from "proper-lockfile";
import { backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { errorMessage, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { identifySelf } from "../process/identity.ts";
import { type KernelLock, tryBind, waitUntilFree } from "../process/kernel-lock.ts";
import { HeldDirectory } from "./held-directory.ts";
import { PollingLockHeldError, PollingLockLostError } from "./held-error.ts";
import { type HolderRecord, nonceOnDisk } from "./holder-record.ts";
import { underLockMutex } from "./lock-mutex.ts";
import { findLockPaths, type LockPaths } from "./lock-name.ts";
import { clearIfStale, type LockSituation } from "./stale-cleanup.ts";
import { touchEveryMs } from "./staleness.ts";

export interface PollingLockOptions {
  readonly lockDir: string;
  /** From `lockName()`. */
  readonly name: string;
  readonly botId: number;
  /** Who takes it, for people: `supervisor`, `bot treasury`. */
  readonly label: string;
  /** How long to wait for a living holder; 0: not at all, Infinity: until the signal aborts. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
  readonly random?: () => number;
  /** Called at every look while it is held, with whoever has it. */
  readonly onHeld?: (holder: HolderRecord) => void;
}

export interface PollingLock {
  /** Aborts with a PollingLockLostError when the lock is no longer ours, whoever took it away. */
  readonly lost: AbortSignal;
  /** Our record as it is on the disk. Before the first `updateEpoch` its epoch is the last one known of others. */
  readonly holder: HolderRecord;
  /** Writes the epoch of the polling that begins now; does nothing when the lock is lost. */
  updateEpoch(epoch: number): Promise<void>;
  /** Removes lock and record if they are still ours. May be called more than once; never throws because of a loss. */
  release(): Promise<void>;
}

/**
 * Takes the named lock of a token. All judging, cleaning, taking and giving back happens under one mutex per lock;
 * the lock itself is proper-lockfile's directory, which every operator and every other program can see.
 * @throws PollingLockHeldError when somebody else still has it after `waitMs`; ConfigurationError where the paths
 * cannot be used; the signal's reason
 */
export async function acquirePollingLock(options: PollingLockOptions): Promise<PollingLock> {
  const { clock, signal } = options;
  const paths = await findLockPaths(options.lockDir, options.name);
  const startedMs = clock.monotonic();
  for (let quickRounds = 0; ; ) {
    signal?.throwIfAborted();
    const taken = await underLockMutex(paths, () => tryTake(paths, options), {
      clock,
      ...(signal && { signal }),
    });
    if (taken.kind === "taken") return taken.lock;
    if (taken.holder !== undefined) options.onHeld?.(taken.holder);
    const roundStartedMs = clock.monotonic();
    const leftMs = startedMs + options.waitMs - roundStartedMs;
    if (leftMs <= 0) throw new PollingLockHeldError(paths, taken.holder);
    await waitForEndOfTenure(paths, leftMs, options);
    // A holder that we cannot see in the kernel (another namespace, a foreign program) ends every wait at once.
    quickRounds = clock.monotonic() - roundStartedMs < 500 ? quickRounds + 1 : 0;
    if (quickRounds > 0)
      await clock.sleep(
        Math.min(
          backoffMs({ baseMs: 10, capMs: 1_000 }, quickRounds - 1, options.random ?? Math.random),
          leftMs,
        ),
        signal,
      );
  }
}

type Attempt =
  | { readonly kind: "taken"; readonly lock: PollingLock }
  | Extract<LockSituation, { kind: "held" }>;

async function tryTake(paths: LockPaths, options: PollingLockOptions): Promise<Attempt> {
  const { clock, log } = options;
  const situation = await clearIfStale(paths, log, clock);
  if (situation.kind === "held") return situation;
  const directory = new HeldDirectory(paths, newRecord(options, situation.lastEpoch), log, clock);
  const lost = new AbortController();
  let removeDirectory: () => Promise<void>;
  try {
    removeDirectory = await lockDirectory(paths.record, {
      lockfilePath: paths.lock,
      fs: directory.fs,
      // The record need not exist yet; the path is canonical already.
      realpath: false,
      // Staleness is ours to judge. With Infinity the library finds no lock stale, whatever the clock does, and
      // its own takeover (look, remove, make: measured to give two owners) never runs.
      stale: Number.POSITIVE_INFINITY,
      update: touchEveryMs,
      onCompromised: (error) => {
        if (directory.lose()) lost.abort(new PollingLockLostError(paths, errorMessage(error)));
      },
    });
  } catch (error) {
    // Somebody whom the mutex does not reach was faster, or has our fresh directory in hand, believing it stale.
    if (["ELOCKED", "ENOENT"].includes(systemErrorCode(error) ?? ""))
      return { kind: "held", holder: undefined };
    throw error;
  }
  const giveBack = async (): Promise<void> => {
    if (!directory.beginRelease()) return;
    await removeDirectory();
    if (nonceOnDisk(paths.record) === directory.holder.nonce)
      await rm(paths.record, { force: true });
  };
  try {
    await directory.begin();
    if (!(await staysOurs(directory, clock))) {
      await giveBack();
      return { kind: "held", holder: undefined };
    }
    // Waiters sleep on it. Where a process that lost this lock still has the name, they look every second.
    const tenure = await tryBind(tenureName(paths), { clock });
    return { kind: "taken", lock: holdLock({ paths, directory, lost, giveBack, tenure, clock }) };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/**
 * For those whom the mutex does not reach: one that judged the old lock stale may have moved our new one away, finds
 * that it is not what it judged, and puts it back within a moment.
 */
async function staysOurs(directory: HeldDirectory, clock: Clock): Promise<boolean> {
  for (let look = 0; look < 3; look += 1) {
    if (directory.isOurs()) return true;
    await clock.sleep(20);
  }
  return directory.isOurs();
}

interface Holding {
  readonly paths: LockPaths;
  readonly directory: HeldDirectory;
  readonly lost: AbortController;
  /** Under the mutex: removes lock and record if they are still ours. */
  readonly giveBack: () => Promise<void>;
  readonly tenure: KernelLock | undefined;
  readonly clock: Clock;
}

function holdLock({ paths, directory, lost, giveBack, tenure, clock }: Holding): PollingLock {
  const release = async (): Promise<void> => {
    try {
      if (!lost.signal.aborted) await underLockMutex(paths, giveBack, { clock });
    } finally {
      await tenure?.release();
    }
  };
  // Waiters need not wait for the end of this process when it is no longer the holder.
  lost.signal.addEventListener("abort", () => void tenure?.release(), { once: true });
  let released: Promise<void> | undefined;
  return {
    lost: lost.signal,
    get holder() {
      return directory.holder;
    },
    updateEpoch: (epoch) => underLockMutex(paths, () => directory.rewrite({ epoch }), { clock }),
    release: () => {
      released ??= release();
      return released;
    },
  };
}

function newRecord(options: PollingLockOptions, lastEpoch: number): HolderRecord {
  return {
    version: 1,
    identity: identifySelf(),
    botId: options.botId,
    since: new Date(options.clock.now()).toISOString(),
    epoch: lastEpoch,
    nonce: randomUUID(),
    label: options.label,
  };
}

/** Returns when the holder's tenure ended, at the latest after `leftMs`, or at once where there is none to be seen. */
async function waitForEndOfTenure(
  paths: LockPaths,
  leftMs: number,
  { clock, signal, log }: PollingLockOptions,
): Promise<void> {
  const enough = new AbortController();
  const cancel = clock.schedule(leftMs, () => {
    enough.abort();
  });
  const ended = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  try {
    await waitUntilFree(tenureName(paths), ended, { clock });
  } catch (error) {
    signal?.throwIfAborted();
    // Not Linux: a stranger sits on the port that stands for the tenure. The pauses between the rounds do then.
    if (!enough.signal.aborted) log.debug("cannot see the end of a tenure", { error });
  } finally {
    cancel();
  }
}

function tenureName(paths: LockPaths): string {
  return `polling lock tenure ${paths.lock}`;
}
