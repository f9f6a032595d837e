import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { identifySelf } from "../../shared/process/identity.ts";
import { fleetId, formatMark, markVariable } from "../../shared/process/marker.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../support/fixture-process.ts";
import { type HandedBot, openHandedBot, saidBy } from "../support/handed-bot.ts";

const stops: Readonly<Record<string, (bot: FixtureProcess) => void>> = {
  SIGTERM: ({ child }) => void child.kill("SIGTERM"),
  "the loss of its supervisor": ({ child }) => {
    child.disconnect();
  },
};

describe("a bot with a drain of its own", () => {
  let handed: HandedBot;

  afterEach(async () => {
    await killFixtures();
    await handed.close();
  });

  /** Stopped while it handles a message. @returns notes, and how long the stop took */
  async function stopWhileHandling(
    how: (bot: FixtureProcess) => void,
    options: Record<string, unknown>,
  ): Promise<{ notes: string[]; tookMs: number; exitCode: number | null }> {
    handed = await openHandedBot(options);
    const mark = formatMark({
      fleet: fleetId(handed.stateDir),
      bot: "main",
      owner: identifySelf(),
    });
    const env = { ...handed.environment, [markVariable]: mark };
    const bot = startFixture("draining-bot.ts", [], { env });
    await bot.next("ready");
    handed.sandbox.user.say(handed.chat, { from: handed.me, text: "hello" });
    await bot.next("handling");
    const beganAt = performance.now();
    how(bot);
    await bot.exited;
    const file = join(handed.dir, "notes");
    return {
      notes: existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [],
      tookMs: performance.now() - beganAt,
      exitCode: bot.child.exitCode,
    };
  }

  it.each([
    ["SIGTERM", 6_000],
    ["the loss of its supervisor", 2_000],
  ])("drains between lanes and outbox at %s, with %i ms", async (how, budgetMs) => {
    const { notes, exitCode } = await stopWhileHandling(stops[how] ?? (() => undefined), {
      drain: "quick",
      deadlineMs: 15_000,
    });
    expect(exitCode).toBe(0);
    expect(notes.slice(1)).toEqual(["handled", `drain ${budgetMs}`, "drained"]);
    // The outbox still took an answer in the drain.
    expect(saidBy(handed).at(-1)).toBe("farewell");
    expect(JSON.parse(notes[0]?.replace("given ", "") ?? "")).toEqual({
      fleetId: fleetId(handed.stateDir),
      childMark: { [markVariable]: expect.stringContaining(`/main/${process.pid}:`) as string },
      sandbox: true,
      stateDir: handed.stateDir,
    });
  });

  it.each(Object.keys(stops))("cuts a drain that hangs at its budget, at %s", async (how) => {
    const { notes, tookMs, exitCode } = await stopWhileHandling(stops[how] ?? (() => undefined), {
      drain: "hangs",
      deadlineMs: 4_500,
    });
    // Two thirds of what intake and lanes have left it, without what the files need.
    expect(notes.slice(1)).toEqual(["handled", expect.stringMatching(/^drain \d+$/)]);
    const budgetMs = Number(notes[2]?.replace("drain ", ""));
    expect(budgetMs).toBeGreaterThan(1_000);
    expect(budgetMs).toBeLessThanOrEqual((4_500 * 0.8 * 2) / 3);
    expect(exitCode).toBe(0);
    expect(tookMs).toBeGreaterThan(budgetMs);
    const log = readFileSync(join(handed.stateDir, "logs", "main.log"), "utf8");
    expect(log).toContain("took too long");
    expect(log).toMatch(/stopped cause=/);
  });
});
