import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, rename, rm, rmdir } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { identifySelf, judge } from "../process/identity.ts";
import { describeHolder, type HolderRecord, nonceOnDisk, readHolder } from "./holder-record.ts";
import { underLockMutex } from "./lock-mutex.ts";
import { findLockPaths, type LockPaths } from "./lock-name.ts";
import { inspectLockPlace, type LockPlace } from "./lock-place.ts";
import { judgeLock } from "./staleness.ts";

export interface CleanupOptions {
  readonly lockDir: string;
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

export type LockSituation =
  /** `lastEpoch`: the greatest one a record told of, 0 where none did. */
  | { readonly kind: "free"; readonly cleaned: boolean; readonly lastEpoch: number }
  | { readonly kind: "held"; readonly holder: HolderRecord | undefined };

/**
 * Removes a lock that nobody holds any more and says how things stand. Proven dead: removed at once. Proven alive:
 * never touched. Unproven (another namespace, no record, a broken one): removed when untouched for 10 s.
 * @throws ConfigurationError where something lies there that is not ours to remove
 */
export async function cleanupStaleLock(options: CleanupOptions): Promise<LockSituation> {
  const paths = await findLockPaths(options.lockDir, options.name);
  return underLockMutex(paths, () => clearIfStale(paths, options.log, options.clock), options);
}

/** The same for those who have the mutex already. */
export async function clearIfStale(
  paths: LockPaths,
  log: Log,
  clock: Clock,
): Promise<LockSituation> {
  const place = await inspectLockPlace(paths);
  if (place.directory === undefined && place.record === undefined)
    return { kind: "free", cleaned: false, lastEpoch: 0 };
  const file = await readHolder(paths.record, log, clock);
  const holder = file.kind === "read" ? file.value : undefined;
  // The record alone counts too: a cleaner of temp files may have taken the empty directory from a living holder.
  if (place.directory === undefined && holder === undefined)
    return { kind: "free", cleaned: false, lastEpoch: 0 };
  const verdict = judgeLock({
    holder: holder === undefined ? undefined : judge(holder.identity),
    sameNetNamespace: holder?.identity.netNamespace === identifySelf().netNamespace,
    ageMs: clock.now() - lastTouchMs(place),
  });
  if (verdict === "held" || !(await remove(paths, place, holder, log)))
    return { kind: "held", holder };
  log.warn("stale polling lock removed", {
    lock: paths.lock,
    why: verdict === "dead" ? "its holder is dead" : "untouched for more than 10 s",
    holder: holder === undefined ? "unknown" : describeHolder(holder),
  });
  return { kind: "free", cleaned: true, lastEpoch: holder?.epoch ?? 0 };
}

function lastTouchMs({ directory, record }: LockPlace): number {
  return Math.max(directory?.mtimeMs ?? 0, record?.mtimeMs ?? 0);
}

/**
 * The mutex keeps out everybody of our network namespace. For the others: the directory is moved away first, and only
 * what still is what was judged is removed; else it is put back and its holder lives on unharmed.
 * @returns false when it was not what was judged
 */
async function remove(
  paths: LockPaths,
  judged: LockPlace,
  holder: HolderRecord | undefined,
  log: Log,
): Promise<boolean> {
  if (judged.directory !== undefined) {
    const tombstone = `${paths.lock}.stale-${randomUUID()}`;
    try {
      // Most of those who come too late see it here; moving the next holder's directory, even to put it back, disturbs it.
      if (!sameDirectory(await lstat(paths.lock), judged.directory)) return false;
      await rename(paths.lock, tombstone);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return false;
      throw error;
    }
    const moved = await lstat(tombstone);
    if (!sameDirectory(moved, judged.directory) || nonceOnDisk(paths.record) !== holder?.nonce) {
      await putBack(tombstone, paths.lock);
      return false;
    }
    await bury(tombstone, log);
  }
  if (nonceOnDisk(paths.record) === holder?.nonce) await rm(paths.record, { force: true });
  return true;
}

/** Some file systems give a new directory the number of the one just removed: the time tells them apart. */
function sameDirectory(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.mtimeMs === b.mtimeMs;
}

/** A rename would replace an empty directory that somebody made in between; then that one counts. */
async function putBack(tombstone: string, lock: string): Promise<void> {
  try {
    await lstat(lock);
    await rmdir(tombstone);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
    await rename(tombstone, lock);
  }
}

async function bury(tombstone: string, log: Log): Promise<void> {
  try {
    await rmdir(tombstone);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOTEMPTY") throw error;
    // A lock directory is always empty: what is in it is somebody's, and stays.
    log.warn("a stale polling lock had something in it and was kept", { path: tombstone });
  }
}
