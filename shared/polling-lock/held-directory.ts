import * as fs from "node:fs";
import { mkdir, rm, rmdir, utimes } from "node:fs/promises";
import { callbackify } from "node:util";
import type { Clock } from "../clock.ts";
import { OperationError, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { addHolder, type HolderRecord, nonceOnDisk, writeHolder } from "./holder-record.ts";
import { underLockMutex } from "./lock-mutex.ts";
import type { LockPaths } from "./lock-name.ts";

/** `taking` until record and directory are made, then `held`; the first of `releasing` and `lost` wins. */
type Tenure = "taking" | "held" | "releasing" | "lost";

/**
 * The part of a file system that proper-lockfile works with, for one tenure of one lock. It adds what the library does
 * not do: a directory is removed, at release or at exit, only while the record beside it still bears our nonce and
 * its time is the one we gave it. So nobody who held the lock before can remove it from whoever holds it now.
 */
export class HeldDirectory {
  /** What proper-lockfile gets as `fs`. It hangs a remembered time precision on this object, so it is ours alone. */
  readonly fs = {
    mkdir: callbackify((path: string) => this.make(path)),
    stat: callbackify((path: string) => this.inspect(path)),
    utimes: callbackify((path: string, atime: Date, mtime: Date) => this.touch(path, atime, mtime)),
    rmdir: callbackify((path: string) => this.remove(path)),
    /** The library calls it while the process exits. */
    rmdirSync: (path: string): void => {
      if (!this.isOurs()) return;
      fs.rmdirSync(path);
      fs.rmSync(this.paths.record, { force: true });
    },
  };

  private tenure: Tenure = "taking";
  /** The directory's time as we know it, and the one that is being set: an exit or a release may come in between. */
  private touchedMs: number | undefined;
  private settingMs: number | undefined;
  private record: HolderRecord;
  private readonly paths: LockPaths;
  private readonly log: Log;
  private readonly clock: Clock;

  constructor(paths: LockPaths, record: HolderRecord, log: Log, clock: Clock) {
    this.paths = paths;
    this.record = record;
    this.log = log;
    this.clock = clock;
  }

  get holder(): HolderRecord {
    return this.record;
  }

  /** Under the mutex, right after proper-lockfile made the directory. */
  async begin(): Promise<void> {
    await writeHolder(this.paths.record, this.record);
    this.tenure = "held";
  }

  /** Under the mutex. Writes nothing when the lock is lost or given back. */
  async rewrite(change: Partial<HolderRecord>): Promise<void> {
    if (this.tenure !== "held" || !this.isOurs()) return;
    this.record = { ...this.record, ...change };
    await writeHolder(this.paths.record, this.record);
  }

  /** @returns false when it is no longer ours to release */
  beginRelease(): boolean {
    if (this.tenure === "lost") return false;
    this.tenure = "releasing";
    return true;
  }

  /** @returns false while it is being given back: the library's last look then finds it gone, rightly */
  lose(): boolean {
    if (this.tenure === "releasing") return false;
    this.tenure = "lost";
    return true;
  }

  /** Told from the disk each time, because a process may wake up from any pause and find another holder. */
  isOurs(): boolean {
    if (this.tenure === "lost") return false;
    if (this.tenure !== "taking" && nonceOnDisk(this.paths.record) !== this.record.nonce)
      return false;
    const mtime = fs.statSync(this.paths.lock, { throwIfNoEntry: false })?.mtime.getTime();
    return mtime !== undefined && (mtime === this.touchedMs || mtime === this.settingMs);
  }

  /**
   * The record comes first: whoever is killed between the two leaves a name that is proven dead, and not a nameless
   * directory that holds up everybody for 10 s. A record that appears meanwhile is another's: like its directory.
   */
  private async make(path: string): Promise<void> {
    await addHolder(this.paths.record, this.record);
    try {
      await mkdir(path);
    } catch (error) {
      if (nonceOnDisk(this.paths.record) === this.record.nonce) await rm(this.paths.record);
      throw error;
    }
  }

  /** The look that proper-lockfile takes every few seconds; `ENOENT` tells it that the lock is lost. */
  private async inspect(path: string): Promise<{ readonly mtime: Date }> {
    if (this.tenure === "taking") {
      const stats = await fs.promises.stat(path);
      this.touchedMs = stats.mtime.getTime();
      return stats;
    }
    const nonce = nonceOnDisk(this.paths.record);
    if (nonce !== undefined && nonce !== this.record.nonce)
      throw lostError("another process has written its holder record");
    const stats = await statIfThere(path);
    if (stats !== undefined && nonce !== undefined) return stats;
    return underLockMutex(this.paths, () => this.restore(path), { clock: this.clock });
  }

  /**
   * A cleaner of temp files took the directory or the record. Under the mutex, so that nobody takes the lock between
   * look and repair; a `mkdir` that meets a directory met another holder.
   */
  private async restore(path: string): Promise<{ readonly mtime: Date }> {
    if (this.tenure !== "held") throw lostError("it was given back");
    const nonce = nonceOnDisk(this.paths.record);
    const stats = await statIfThere(path);
    if (nonce !== undefined && nonce !== this.record.nonce)
      throw lostError("another process has written its holder record");
    if (stats !== undefined && stats.mtime.getTime() !== this.touchedMs)
      throw lostError("another process has made its directory anew");
    const lastTouch = new Date(this.touchedMs ?? 0);
    if (stats === undefined) {
      try {
        await mkdir(path);
      } catch (error) {
        if (systemErrorCode(error) === "EEXIST")
          throw lostError("another process has made its directory anew");
        throw error;
      }
      await utimes(path, lastTouch, lastTouch);
    }
    if (nonce === undefined) await writeHolder(this.paths.record, this.record);
    this.log.warn("the polling lock had been removed from under us and was restored", {
      lock: this.paths.lock,
      missing: stats === undefined ? "directory" : "holder record",
      hint: "exclude it from the cleaner of temporary files, or set TELEGRAM_LOCK_DIR",
    });
    return { mtime: stats?.mtime ?? lastTouch };
  }

  private async touch(path: string, atime: Date, mtime: Date): Promise<void> {
    if (this.tenure === "taking") return utimes(path, atime, mtime);
    // The library goes on with a touch that was under way when the lock was released or taken over.
    if (!this.isOurs()) throw lostError("it was taken over");
    this.settingMs = mtime.getTime();
    try {
      await utimes(path, atime, mtime);
      this.touchedMs = this.settingMs;
    } finally {
      this.settingMs = undefined;
    }
    await this.touchRecord(atime, mtime);
  }

  /** The record would grow old as well, and cleaners go by age. */
  private async touchRecord(atime: Date, mtime: Date): Promise<void> {
    try {
      if (this.tenure === "held") await utimes(this.paths.record, atime, mtime);
    } catch (error) {
      // The next look restores it.
      if (systemErrorCode(error) !== "ENOENT") throw error;
    }
  }

  private async remove(path: string): Promise<void> {
    if (!this.isOurs()) {
      this.log.warn("the polling lock is another's by now and was left alone", { lock: path });
      return;
    }
    await rmdir(path);
  }
}

async function statIfThere(path: string): Promise<fs.Stats | undefined> {
  try {
    return await fs.promises.stat(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function lostError(why: string): OperationError & { code: string } {
  return Object.assign(new OperationError(why), { code: "ENOENT" });
}
