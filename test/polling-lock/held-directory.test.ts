import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldDirectory } from "../../shared/polling-lock/held-directory.ts";
import {
  type HolderRecord,
  nonceOnDisk,
  writeHolder,
} from "../../shared/polling-lock/holder-record.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../support/recording-log.ts";

let lockDir: string;
let lock: string;
let record: string;
let log: RecordingLog;
let held: HeldDirectory;

const mine: HolderRecord = {
  version: 1,
  identity: identifySelf(),
  botId: 1,
  since: "2026-01-01T00:00:00.000Z",
  epoch: 0,
  nonce: "mine",
  label: "test",
};
const mtime = (): number => statSync(lock).mtime.getTime();
const look = () => promisify(held.fs.stat)(lock);
const touch = (at: Date) => promisify(held.fs.utimes)(lock, at, at);
const make = () => promisify(held.fs.mkdir)(lock);
const remove = () => promisify(held.fs.rmdir)(lock);
const theirs = () => writeHolder(record, { ...mine, nonce: "theirs" });

/** Does with the directory what proper-lockfile does when it takes a lock. */
beforeEach(async () => {
  lockDir = mkdtempSync(join(tmpdir(), "held-"));
  lock = join(lockDir, "x.lock");
  record = join(lockDir, "x");
  log = recordingLog();
  held = new HeldDirectory({ name: "x", lock, record }, mine, log, new ManualClock());
  await promisify(held.fs.mkdir)(lock);
  await touch(new Date(1_000_005));
  await look();
  await held.begin();
});
afterEach(() => {
  rmSync(lockDir, { recursive: true, force: true });
});

describe("the directory of a held lock", () => {
  it("is ours while record and time are, and grows no older than its record", async () => {
    expect(held.isOurs()).toBe(true);
    await touch(new Date(2_000_000));
    expect(held.isOurs()).toBe(true);
    expect(statSync(record).mtime.getTime()).toBe(2_000_000);
    expect(await look()).toMatchObject({ mtime: new Date(2_000_000) });
  });

  it.each<{ what: string; replace: () => unknown }>([
    { what: "with another record", replace: theirs },
    {
      what: "made anew under the old record",
      replace: () => {
        rmSync(lock, { recursive: true });
        mkdirSync(lock);
      },
    },
  ])("is left alone when it is another's, $what", async ({ replace }) => {
    await replace();
    const before = mtime();
    expect(held.isOurs()).toBe(false);
    await expect(touch(new Date(3_000_000))).rejects.toMatchObject({ code: "ENOENT" });
    await remove();
    held.fs.rmdirSync(lock);
    expect(mtime()).toBe(before);
    expect(existsSync(record)).toBe(true);
    expect(log.of("warn").join()).toContain("was left alone");
  });

  it("is seen as lost as soon as another's record lies there", async () => {
    await theirs();
    await expect(look()).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is removed with its record when the process exits", () => {
    held.fs.rmdirSync(lock);
    expect([existsSync(lock), existsSync(record)]).toEqual([false, false]);
  });

  it("does not touch or write anything once it is lost", async () => {
    expect(held.lose()).toBe(true);
    expect(held.beginRelease()).toBe(false);
    await held.rewrite({ epoch: 5 });
    held.fs.rmdirSync(lock);
    expect(existsSync(lock)).toBe(true);
    expect(held.holder.epoch).toBe(0);
  });

  it("is not lost while it is given back, whatever the library still finds", () => {
    expect(held.beginRelease()).toBe(true);
    expect(held.lose()).toBe(false);
  });

  it("writes a new epoch into its record", async () => {
    await held.rewrite({ epoch: 5 });
    expect(held.holder).toEqual({ ...mine, epoch: 5 });
  });
});

describe("a lock that is being taken", () => {
  beforeEach(() => {
    rmSync(lock, { recursive: true });
    rmSync(record);
    held = new HeldDirectory({ name: "x", lock, record }, mine, log, new ManualClock());
  });

  it("bears a name before it is there: who is killed in between is known to be dead", async () => {
    await make();
    expect([existsSync(lock), nonceOnDisk(record)]).toEqual([true, "mine"]);
  });

  it("leaves no name at a directory that another made", async () => {
    mkdirSync(lock);
    await expect(make()).rejects.toMatchObject({ code: "EEXIST" });
    expect(existsSync(record)).toBe(false);
  });

  it("is not made beside another's record", async () => {
    await theirs();
    await expect(make()).rejects.toMatchObject({ code: "EEXIST" });
    expect([existsSync(lock), nonceOnDisk(record)]).toEqual([false, "theirs"]);
  });
});

describe("what a cleaner of temp files took", () => {
  it.each<{ what: string; clean: () => void }>([
    { what: "directory", clean: () => rmSync(lock, { recursive: true }) },
    { what: "record", clean: () => rmSync(record) },
    {
      what: "directory and record",
      clean: () => [lock, record].map((path) => rmSync(path, { recursive: true })),
    },
  ])("$what: is restored as it was, with a warning", async ({ clean }) => {
    clean();
    expect(await look()).toMatchObject({ mtime: new Date(1_000_005) });
    expect([mtime(), nonceOnDisk(record), held.isOurs()]).toEqual([1_000_005, "mine", true]);
    expect(log.of("warn")).toHaveLength(1);
  });

  it("is lost when somebody made the directory in the meantime", async () => {
    rmSync(record);
    utimesSync(lock, 5_000, 5_000);
    await expect(look()).rejects.toMatchObject({ code: "ENOENT" });
    expect(nonceOnDisk(record)).toBeUndefined();
  });

  it("is not restored once it is being given back", async () => {
    held.beginRelease();
    rmSync(lock, { recursive: true });
    await expect(look()).rejects.toMatchObject({ code: "ENOENT" });
    expect(existsSync(lock)).toBe(false);
  });
});
