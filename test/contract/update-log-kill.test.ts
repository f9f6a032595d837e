import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { LogReader } from "../../shared/intake/update-log/log-reader.ts";
import { updateLogDir } from "../../shared/intake/update-log/open-log.ts";
import { range } from "../intake/update-log/log-bench.ts";
import { killFixtures, startFixture } from "../support/fixture-process.ts";
import { recordingLog } from "../support/recording-log.ts";
import { seededRandom } from "../support/seeded-random.ts";

const rounds = Number(process.env["KILL_ROUNDS"] ?? 20);
const seed = Number(process.env["KILL_SEED"] ?? 1);

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "log-kill-"));
});
afterEach(async () => {
  await killFixtures();
  rmSync(stateDir, { recursive: true, force: true });
});

interface Handled {
  readonly id: number;
  readonly chat: string;
  readonly attempt: number;
}

/** What the bot wrote down, in order; a kill may have cut the last line of a life. */
function ledger(): { handled: Handled[]; confirmed: number[] } {
  const handled: Handled[] = [];
  const confirmed: number[] = [];
  for (const line of readFileSync(join(stateDir, "ledger"), "utf8").split("\n")) {
    const [word, id, chat = "", attempt] = line.split(" ");
    if (word === "handled") handled.push({ id: Number(id), chat, attempt: Number(attempt) });
    if (word === "confirmed") confirmed.push(Number(id));
  }
  return { handled, confirmed };
}

/** One life of the bot, ended in order. */
async function finish(): Promise<{ lastId: number; deadLetters: number; left: number }> {
  const bot = startFixture("update-log-bot.ts", [stateDir]);
  await bot.next("started");
  await systemClock.sleep(150);
  bot.send({ type: "stop" });
  const { lastId, deadLetters, left } = await bot.next("stopped");
  await bot.exited;
  return { lastId: Number(lastId), deadLetters: Number(deadLetters), left: Number(left) };
}

/** Until nothing is left: what waits in a lane when a life ends is done in the next one. */
async function finishAll(): Promise<{ lastId: number; deadLetters: number }> {
  for (;;) {
    const last = await finish();
    const done = new Set(ledger().handled.map(({ id }) => id)).size;
    if (last.left === 0 && done === last.lastId) return last;
  }
}

function expectOrder(handled: readonly Handled[]): void {
  for (const chat of new Set(handled.map((each) => each.chat))) {
    const ids = [...new Set(handled.filter((each) => each.chat === chat).map(({ id }) => id))];
    expect(ids, `chat ${chat}`).toEqual(ids.toSorted((a, b) => a - b));
  }
}

async function loggedIds(): Promise<number[]> {
  const dir = updateLogDir(stateDir, 42);
  const reader = new LogReader({ dir, clock: systemClock, log: recordingLog() });
  const ids: number[] = [];
  for await (const { updateId } of reader.readFrom(0)) ids.push(updateId);
  return ids;
}

describe("update log, cursor and lanes of a real process", () => {
  it(`lose nothing in ${rounds} SIGKILLs at random moments (seed ${seed}); only what was in hand is repeated, and marked`, async () => {
    const random = seededRandom(seed);
    for (let round = 0; round < rounds; round += 1) {
      const bot = startFixture("update-log-bot.ts", [stateDir]);
      await bot.next("started");
      await systemClock.sleep(random() * 200);
      await bot.kill();
      const { confirmed } = ledger();
      // Nothing was confirmed to Telegram that is not in the log.
      expect((await loggedIds()).at(-1) ?? 0).toBeGreaterThanOrEqual((confirmed.at(-1) ?? 1) - 1);
    }
    const { lastId, deadLetters } = await finishAll();
    const { handled } = ledger();
    expect(await loggedIds()).toEqual(range(1, lastId));
    expect(new Set(handled.map(({ id }) => id)).size).toBe(lastId);
    const seen = new Set<number>();
    const unmarked = handled.filter(({ id, attempt }) => {
      const isRepeat = seen.has(id);
      seen.add(id);
      return isRepeat && attempt === 1;
    });
    expect(unmarked).toEqual([]);
    expectOrder(handled);
    expect(deadLetters).toBe(0);
  }, 120_000);

  it("repeat nothing at all over ordered stops", async () => {
    for (let round = 0; round < 4; round += 1) await finish();
    const { lastId } = await finishAll();
    const { handled } = ledger();
    expect(handled.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(range(1, lastId));
    expect(handled.every(({ attempt }) => attempt === 1)).toBe(true);
    expectOrder(handled);
  }, 60_000);
});
