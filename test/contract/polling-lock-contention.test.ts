import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { writeHolder } from "../../shared/polling-lock/holder-record.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../support/fixture-process.ts";

/** 50 in CI; by hand `LOCK_ROUNDS=500`. */
const rounds = Number(process.env["LOCK_ROUNDS"] ?? 50);
const contenders = 6;

let lockDir: string;
beforeEach(() => {
  lockDir = mkdtempSync(join(tmpdir(), "contention-"));
});
afterEach(async () => {
  await killFixtures();
  rmSync(lockDir, { recursive: true, force: true });
});

/** A lock as a dead process leaves it: with a record that proves it, or with nothing but its age. */
async function leaveStaleLock(withRecord: boolean): Promise<void> {
  const lock = join(lockDir, "telegram_polling.lock");
  mkdirSync(lock);
  if (withRecord) {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeHolder(join(lockDir, "telegram_polling"), {
      version: 1,
      identity: { ...identifySelf(), pid },
      botId: 1,
      since: "2026-01-01T00:00:00.000Z",
      epoch: 7,
      nonce: "dead",
      label: "dead",
    });
  } else {
    const longAgo = systemClock.now() / 1_000 - 60;
    utimesSync(lock, longAgo, longAgo);
  }
}

async function startContenders(): Promise<FixtureProcess[]> {
  const started = Array.from({ length: contenders }, () =>
    startFixture("lock-contender.ts", [lockDir]),
  );
  await Promise.all(started.map((contender) => contender.next("ready")));
  return started;
}

describe(`${contenders} processes contending for a stale lock, ${rounds} rounds`, () => {
  it(
    "never make two owners, and always one",
    async () => {
      const processes = await startContenders();
      for (let round = 0; round < rounds; round += 1) {
        await leaveStaleLock(round % 2 === 0);
        for (const contender of processes) contender.send({ type: "take", waitMs: 0, holdMs: 2 });
        const answers = await Promise.all(processes.map((contender) => contender.next("answer")));
        expect(
          answers.filter(({ got }) => got === true),
          `round ${round}`,
        ).toHaveLength(1);
        for (const contender of processes) contender.send({ type: "leave" });
        await Promise.all(processes.map((contender) => contender.next("left")));
        expect(readdirSync(lockDir), `round ${round}`).toEqual([]);
      }
    },
    rounds * 2_000 + 30_000,
  );

  it(
    "all have it in turn when they wait",
    async () => {
      const processes = await startContenders();
      for (let round = 0; round < Math.ceil(rounds / 5); round += 1) {
        await leaveStaleLock(round % 2 === 0);
        for (const contender of processes)
          contender.send({ type: "take", waitMs: 20_000, holdMs: 1 });
        const answers = await Promise.all(processes.map((contender) => contender.next("answer")));
        expect(answers.map(({ got }) => got)).toEqual(Array(contenders).fill(true));
        expect(existsSync(join(lockDir, "telegram_polling.lock"))).toBe(false);
      }
    },
    rounds * 2_000 + 30_000,
  );
});
