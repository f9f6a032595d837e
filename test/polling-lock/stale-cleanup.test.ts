import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { type HolderRecord, writeHolder } from "../../shared/polling-lock/holder-record.ts";
import { cleanupStaleLock } from "../../shared/polling-lock/stale-cleanup.ts";
import { identifySelf, type ProcessIdentity } from "../../shared/process/identity.ts";
import { recordingLog } from "../support/recording-log.ts";

const deadPid = spawnSync(process.execPath, ["--version"]).pid;
const self = identifySelf();
const dead: ProcessIdentity = { ...self, pid: deadPid };
const elsewhere: ProcessIdentity = { ...dead, pidNamespace: "pid:[1]" };

let lockDir: string;
let lock: string;
let record: string;
beforeEach(() => {
  lockDir = mkdtempSync(join(tmpdir(), "cleanup-"));
  lock = join(lockDir, "telegram_polling.lock");
  record = join(lockDir, "telegram_polling");
});
afterEach(() => {
  rmSync(lockDir, { recursive: true, force: true });
});

const holderOf = (identity: ProcessIdentity): HolderRecord => ({
  version: 1,
  identity,
  botId: 1,
  since: "2026-01-01T00:00:00.000Z",
  epoch: 7,
  nonce: "n",
  label: "supervisor",
});

/** What lies there: lock directory or not, a record of this text or process or none, last touched so long ago. */
async function lay(has: {
  readonly directory: boolean;
  readonly record?: ProcessIdentity | string;
  readonly ageMs: number;
}): Promise<void> {
  if (has.directory) mkdirSync(lock);
  if (typeof has.record === "string") writeFileSync(record, has.record);
  else if (has.record !== undefined) await writeHolder(record, holderOf(has.record));
  const touched = (systemClock.now() - has.ageMs) / 1_000;
  for (const path of [lock, record].filter((each) => existsSync(each)))
    utimesSync(path, touched, touched);
}

const cleanup = (log = recordingLog()) =>
  cleanupStaleLock({ lockDir, name: "telegram_polling", clock: systemClock, log });

describe("cleanupStaleLock", () => {
  it.each([
    { what: "nothing", directory: false, ageMs: 0 },
    { what: "the record of a dead process alone", directory: false, record: dead, ageMs: 0 },
    {
      what: "the lock of a dead process, touched just now",
      directory: true,
      record: dead,
      ageMs: 0,
    },
    { what: "a lock from elsewhere, old", directory: true, record: elsewhere, ageMs: 20_000 },
    {
      what: "a record from elsewhere alone, old",
      directory: false,
      record: elsewhere,
      ageMs: 20_000,
    },
    { what: "a lock without a record, old", directory: true, ageMs: 20_000 },
    { what: "a lock from a future that a clock once had", directory: true, ageMs: -60_000 },
  ])("leaves nothing of $what", async (has) => {
    await lay(has);
    const situation = await cleanup();
    expect(situation).toMatchObject({ kind: "free", cleaned: has.directory || "record" in has });
    expect(readdirSync(lockDir)).toEqual([]);
  });

  it.each([
    { what: "a living process", directory: true, record: self, ageMs: 0 },
    { what: "a living process that hangs", directory: true, record: self, ageMs: 3_600_000 },
    {
      what: "a living process whose directory was cleaned away",
      directory: false,
      record: self,
      ageMs: 0,
    },
    { what: "somebody elsewhere, fresh", directory: true, record: elsewhere, ageMs: 9_000 },
    {
      what: "somebody elsewhere whose directory was cleaned away",
      directory: false,
      record: elsewhere,
      ageMs: 9_000,
    },
    { what: "somebody without a record, fresh", directory: true, ageMs: 9_000 },
  ])("touches nothing of $what", async (has) => {
    await lay(has);
    const log = recordingLog();
    const situation = await cleanup(log);
    expect(situation).toEqual({
      kind: "held",
      holder: "record" in has ? holderOf(has.record) : undefined,
    });
    expect([existsSync(lock), existsSync(record)]).toEqual([has.directory, "record" in has]);
    expect(log.lines).toEqual([]);
  });

  it("hands on the last epoch and says whose lock it was", async () => {
    await lay({ directory: true, record: dead, ageMs: 0 });
    const log = recordingLog();
    expect(await cleanup(log)).toEqual({ kind: "free", cleaned: true, lastEpoch: 7 });
    expect(log.of("warn")).toEqual([
      expect.stringMatching(
        new RegExp(`stale polling lock removed .*supervisor, pid ${deadPid} on host `),
      ),
    ]);
  });

  it.each([
    { ageMs: 1_000, kind: "held" },
    { ageMs: 20_000, kind: "free" },
  ])(
    "sets a broken record aside, and a lock touched $ageMs ms ago is $kind",
    async ({ ageMs, kind }) => {
      await lay({ directory: true, record: '{"version": 1', ageMs });
      expect(await cleanup()).toMatchObject({ kind });
      const kept = readdirSync(lockDir).filter((name) => name.includes(".broken-"));
      expect(kept.map((name) => readFileSync(join(lockDir, name), "utf8"))).toEqual([
        '{"version": 1',
      ]);
      expect(existsSync(lock)).toBe(kind === "held");
    },
  );

  it("keeps what somebody put into a lock directory", async () => {
    await lay({ directory: true, record: dead, ageMs: 0 });
    writeFileSync(join(lock, "note"), "mine");
    const log = recordingLog();
    expect(await cleanup(log)).toMatchObject({ kind: "free" });
    const [tombstone = ""] = readdirSync(lockDir);
    expect(readFileSync(join(lockDir, tombstone, "note"), "utf8")).toBe("mine");
    expect(log.of("warn").join()).toContain("was kept");
  });

  it("names whoever put a file where the lock belongs", async () => {
    writeFileSync(lock, "");
    await expect(cleanup()).rejects.toThrow(/must be a directory but is a file of user \d+/);
    expect(existsSync(lock)).toBe(true);
  });
});
