import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identifyProcess } from "../../../shared/process/identity.ts";
import { eventually } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

/** By hand: TG_ROUNDS=50. */
const rounds = Number(process.env["TG_ROUNDS"] ?? 5);

interface Record {
  status: string;
  process: { identity: object; commandLine: string } | null;
}

describe("a bot that is killed in the middle of a turn", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open();
    await bot.ask("/new work", /created/);
    await bot.ask("hello", /turn 1/);
  });
  afterAll(() => bot.remove());

  const recordPath = (): string => {
    const root = join(bot.handed.stateDir, "sessions");
    const id = readdirSync(root).find((name) => !name.includes("."));
    return join(root, id ?? "", "session.json");
  };
  const record = (): Record => JSON.parse(readFileSync(recordPath(), "utf8")) as Record;

  it(`${rounds} times: nothing is left of its agents, the turn is told, and goes on only when a person says so`, {
    timeout: rounds * 30_000,
  }, async () => {
    for (let round = 1; round <= rounds; round += 1) {
      const id = bot.say("tool 60");
      await eventually(
        () => bot.agents().length === 2 || undefined,
        () => `agent and tool at work; ${bot.log.slice(-2_000)}`,
        15_000,
      );
      await bot.kill();
      const startedMs = performance.now();
      await bot.restart();
      await eventually(
        () => bot.agents().length === 0 || undefined,
        () => `nothing left; ${bot.agents().join()}`,
        5_000,
      );
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(bot.log).toMatch(/Cleaned up [12] orphaned subprocesses/);
      const told = await bot.answer(/Session 'work' was interrupted by a restart/, id);
      await eventually(
        () => (record().status === "suspended" && record().process === null) || undefined,
        () => JSON.stringify(record()),
      );
      expect(bot.agents()).toEqual([]);
      const isResumed = round % 2 === 0;
      bot.press(told, isResumed ? /Resume/ : /Discard/);
      // The agent is told that it was at this before.
      if (isResumed) await bot.answer(/you said "\[An earlier attempt/, told.id);
      await bot.ask("hello", /you said "hello"/);
    }
  });

  it("leaves a stranger alone that has got the pid of its agent", async () => {
    await bot.ask("hello", /you said "hello"/);
    await bot.kill();
    const stranger = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      const identity = identifyProcess(stranger.pid ?? 0);
      const known = record();
      const stale = { ...identity, startTicks: (identity?.startTicks ?? 0) - 1 };
      const commandLine = known.process?.commandLine ?? "";
      writeFileSync(
        recordPath(),
        JSON.stringify({ ...known, process: { identity: stale, commandLine } }),
      );
      await bot.restart();
      await eventually(
        () => record().process === null || undefined,
        () => JSON.stringify(record()),
      );
      expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    } finally {
      stranger.kill("SIGKILL");
    }
  });
});
