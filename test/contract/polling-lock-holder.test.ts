import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { nonceOnDisk } from "../../shared/polling-lock/holder-record.ts";
import { acquirePollingLock, type PollingLock } from "../../shared/polling-lock/named-lock.ts";
import { cleanupStaleLock } from "../../shared/polling-lock/stale-cleanup.ts";
import { killFixtures, startFixture } from "../support/fixture-process.ts";
import { recordingLog } from "../support/recording-log.ts";

let lockDir: string;
let held: PollingLock[];
beforeEach(() => {
  lockDir = mkdtempSync(join(tmpdir(), "holder-"));
  held = [];
});
afterEach(async () => {
  await Promise.all(held.map((lock) => lock.release()));
  await killFixtures();
  rmSync(lockDir, { recursive: true, force: true });
});

const lockPath = (name = "telegram_polling"): string => join(lockDir, `${name}.lock`);
const recordPath = (name = "telegram_polling"): string => join(lockDir, name);

async function acquire(waitMs: number, name = "telegram_polling"): Promise<PollingLock> {
  const lock = await acquirePollingLock({
    lockDir,
    name,
    botId: 1,
    label: "test",
    waitMs,
    clock: systemClock,
    log: recordingLog(),
  });
  held.push(lock);
  return lock;
}

/** As if the holder lived where nothing can be proven of it, and had not been heard of for longer than 10 s. */
function makeUnprovableAndOld(name: string): void {
  rmSync(recordPath(name));
  const longAgo = systemClock.now() / 1_000 - 11;
  utimesSync(lockPath(name), longAgo, longAgo);
}

describe("a holder that is killed", () => {
  it("is followed at the first attempt, also while a detached child of it lives on", async () => {
    const holder = startFixture("lock-holder.ts", [lockDir]);
    await holder.next("holds");
    holder.send({ type: "leave-child" });
    const { pid } = await holder.next("child");
    await holder.kill();
    try {
      const lock = await acquire(0);
      expect(process.kill(Number(pid), 0)).toBe(true);
      expect(nonceOnDisk(recordPath())).toBe(lock.holder.nonce);
    } finally {
      process.kill(Number(pid), "SIGKILL");
    }
  });

  it("is followed by a waiter without a new attempt from outside", async () => {
    const holder = startFixture("lock-holder.ts", [lockDir]);
    await holder.next("holds");
    const waiting = acquire(20_000);
    await expect(acquire(0)).rejects.toThrow(
      /^Telegram polling lock is already held: .*holder, pid/,
    );
    const startedMs = systemClock.monotonic();
    await holder.kill();
    await waiting;
    // Long before the 10 s after which a lock counts as left by somebody who cannot be asked.
    expect(systemClock.monotonic() - startedMs).toBeLessThan(5_000);
  });
});

describe("a holder that ends by itself", () => {
  it("leaves neither lock nor record, even when it forgot to release", async () => {
    const holder = startFixture("lock-holder.ts", [lockDir]);
    await holder.next("holds");
    expect(readdirSync(lockDir).toSorted()).toEqual(["telegram_polling", "telegram_polling.lock"]);
    holder.send({ type: "exit" });
    await holder.exited;
    expect(readdirSync(lockDir)).toEqual([]);
  });
});

describe("a holder whose event loop was blocked while another took the lock over", () => {
  // Longer than the 5 s between two touches, so that the next one is due at the moment of waking.
  const blockedMs = 5_500;

  it("notices when it wakes, and neither its end nor its release removes the next holder's lock", async () => {
    const [ends, releases] = ["ends", "releases"].map((name) => ({
      name,
      holder: startFixture("lock-holder.ts", [lockDir, name]),
    }));
    if (ends === undefined || releases === undefined) throw new Error("unreachable");
    await Promise.all([ends, releases].map(({ holder }) => holder.next("holds")));
    ends.holder.send({ type: "block", ms: blockedMs });
    releases.holder.send({ type: "block-then-release", ms: blockedMs });
    for (const { name } of [ends, releases]) makeUnprovableAndOld(name);
    const next = await Promise.all([ends, releases].map(({ name }) => acquire(0, name)));

    const { reason } = await ends.holder.next("lost");
    expect(reason).toMatch(/PollingLockLostError: .* is no longer ours/);
    ends.holder.send({ type: "exit" });
    await releases.holder.next("released");
    releases.holder.send({ type: "exit" });
    await Promise.all([ends.holder.exited, releases.holder.exited]);
    expect(next.map((lock) => lock.lost.aborted)).toEqual([false, false]);
    for (const [index, { name }] of [ends, releases].entries()) {
      expect(existsSync(lockPath(name)), name).toBe(true);
      expect(nonceOnDisk(recordPath(name)), name).toBe(next[index]?.holder.nonce);
    }
  });
});

describe("a holder whose lock is cleaned away by somebody", () => {
  it("restores what is missing and goes on holding", async () => {
    const log = recordingLog();
    const options = { lockDir, botId: 1, label: "test", waitMs: 0, clock: systemClock, log };
    const cases = [
      {
        name: "no_directory",
        remove: (name: string) => rmSync(lockPath(name), { recursive: true }),
      },
      { name: "no_record", remove: (name: string) => rmSync(recordPath(name)) },
      {
        name: "nothing",
        remove: (name: string) => {
          rmSync(lockPath(name), { recursive: true });
          rmSync(recordPath(name));
        },
      },
    ];
    const locks = await Promise.all(
      cases.map(({ name }) => acquirePollingLock({ ...options, name })),
    );
    held.push(...locks);
    for (const { name, remove } of cases) remove(name);
    // Nobody gets in meanwhile where the record is left: its process lives.
    await expect(acquire(0, "no_directory")).rejects.toThrow(/already held/);
    const deadline = systemClock.monotonic() + 20_000;
    const missing = (): string[] =>
      cases
        .flatMap(({ name }) => [lockPath(name), recordPath(name)])
        .filter((path) => !existsSync(path));
    // It is said when both are back, a moment after the second one.
    const said = (): string[] => log.of("warn").filter((line) => line.includes("was restored"));
    const isDone = (): boolean => missing().length === 0 && said().length === 3;
    while (!isDone() && systemClock.monotonic() < deadline) await systemClock.sleep(50);
    expect(missing()).toEqual([]);
    expect(locks.map((lock) => lock.lost.aborted)).toEqual([false, false, false]);
    expect(said()).toHaveLength(3);
  });
});

describe("a lock path that is not ours", () => {
  const isRoot = process.getuid?.() === 0;

  it.skipIf(!isRoot)(
    "of another user is refused by its name (needs root to make one)",
    async () => {
      mkdirSync(lockPath());
      chownSync(lockPath(), 65_534, 65_534);
      for (const attempt of [() => acquire(0), cleanup])
        await expect(attempt()).rejects.toThrow(
          /belongs to user 65534 \(nobody\), this process runs as 0/,
        );
      expect(existsSync(lockPath())).toBe(true);
    },
  );

  it.skipIf(!isRoot)(
    "is refused to a process of another user (needs root to become one)",
    async () => {
      // As the system's temp directory: all may write, nobody removes what is another's.
      chmodSync(lockDir, 0o1777);
      await acquire(0);
      const answer = await refusalOfNobody(lockDir);
      expect(answer).toMatch(/belongs to user 0 \(root\), this process runs as 65534 \(nobody\)/);
    },
  );

  it.each([
    { what: "a symbolic link", make: (path: string) => symlinkSync(tmpdir(), path) },
    { what: "a symbolic link to nowhere", make: (path: string) => symlinkSync("nowhere", path) },
  ])("that is $what is refused and not followed", async ({ make }) => {
    make(lockPath());
    for (const attempt of [() => acquire(0), cleanup])
      await expect(attempt()).rejects.toThrow(/must be a directory but is a symbolic link of user/);
  });
});

function cleanup(): Promise<unknown> {
  return cleanupStaleLock({
    lockDir,
    name: "telegram_polling",
    clock: systemClock,
    log: recordingLog(),
  });
}

/** What a process of user 65534 is told. It gets its program before it gives up its rights: the checkout is not its own. */
async function refusalOfNobody(folder: string): Promise<string> {
  const stranger = startFixture("lock-stranger.ts", [folder]);
  const { message } = await stranger.next("refused");
  return String(message);
}
