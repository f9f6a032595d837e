import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { SessionBot } from "./session-bot.ts";

/** By hand: TG_ROUNDS=200. */
const rounds = Number(process.env["TG_ROUNDS"] ?? 20);
const idleSeconds = 1;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a session that idles, with a real bot and real agents", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open({ sessions: { idle_timeout_seconds: idleSeconds } });
    await bot.ask("/new work", /created/);
  });
  afterAll(() => bot.remove());

  it("is suspended in silence, and resumes with its history", async () => {
    const first = await bot.ask("hello", /turn 1: you said "hello"/);
    await eventually(
      () => bot.agents().length === 0 || undefined,
      () => "the agent is suspended",
    );
    await eventually(
      () => bot.log.includes("Session 'work' suspended after idle timeout") || undefined,
      () => bot.log,
    );
    expect(bot.said().at(-1)?.id).toBe(first.id);
    const id = bot.say("again");
    await bot.answer(/^Resuming session\.\.\.$/, id);
    await bot.answer(/turn 2: you said "again"[^]*I remember 1 earlier message/, id);
  });

  it("is not suspended while it is busy, nor while work runs in the background", async () => {
    await bot.ask("slow 4", /word20/, 20_000);
    const [pid] = bot.agents();
    await bot.ask("background 4", /I go on in the background/);
    await wait(idleSeconds * 2_000);
    expect(bot.agents()).toContain(pid);
    await bot.answer(/long calculation/i, 0, 20_000);
    await eventually(
      () => bot.agents().length === 0 || undefined,
      () => "the agent is suspended",
    );
  });

  it(`${rounds} messages at the moment of the suspension: never two processes, none lost`, {
    timeout: rounds * 10_000,
  }, async () => {
    const random = seededRandom(7);
    const before = await bot.ask("count", /turn \d+: you said "count"/);
    let turn = Number(/turn (\d+)/.exec(before.text)?.[1]);
    let resumed = 0;
    for (let round = 1; round <= rounds; round += 1) {
      // The answer came when the turn was over: the timer has run since about then.
      await wait(idleSeconds * 1_000 - 120 + random() * 160);
      const id = bot.say(`round ${round}`);
      turn += 1;
      const said = bot.answer(new RegExp(`turn ${turn}: you said "round ${round}"`), id);
      const over = new AbortController();
      const watch = async (): Promise<void> => {
        while (!over.signal.aborted) {
          expect(bot.agents().length).toBeLessThanOrEqual(1);
          await wait(10);
        }
      };
      const watching = watch();
      await said.finally(() => {
        over.abort();
      });
      await watching;
      if (bot.said().some((each) => each.id > id && each.text.startsWith("Resuming"))) resumed += 1;
    }
    console.log(`${rounds} rounds, ${resumed} of them found the session suspended`);
    expect(resumed).toBeGreaterThan(0);
  });

  it("stops in order: no agent, no zombie, sessions suspended", async () => {
    bot.say("slow 20");
    await eventually(
      () => bot.agents().length === 1 || undefined,
      () => "an agent works",
    );
    const [agent = 0] = bot.agents();
    expect(await bot.stop()).toBe(0);
    expect(bot.agents()).toEqual([]);
    // Gone altogether: a zombie would still have its folder there.
    expect(existsSync(`/proc/${agent}`)).toBe(false);
    const records = bot.records();
    expect(records.map(({ name, status, process }) => ({ name, status, process }))).toEqual([
      { name: "work", status: "suspended", process: null },
    ]);
  });
});
