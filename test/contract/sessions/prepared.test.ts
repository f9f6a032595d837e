import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

describe("an agent that is prepared ahead, with a real bot", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open({ prewarm: { enabled: true, min_free_mb: 0 } });
  });
  afterAll(() => bot.remove());

  const onlyOne = () =>
    eventually(
      () => (bot.agents().length === 1 ? bot.agents()[0] : undefined),
      () => `one prepared agent; ${bot.agents().join()}`,
    );

  it("serves the next new session in its own folder, and resumes there", async () => {
    const pid = await onlyOne();
    await bot.ask("/new work", /created/);
    await bot.ask("hello", /turn 1/);
    expect(bot.agents()).toContain(pid);
    await bot.ask("/model other", /from the next message on/);
    await bot.ask("again", /turn 2/);
    expect(bot.agents()).not.toContain(pid);
  });

  it("that nobody took is ended by the start after a kill, and its empty folder goes", async () => {
    const root = join(bot.handed.stateDir, "workspaces");
    // None of ours: not of its form, and one with something in it.
    const strangers = ["Notes", "zzzzzzzzzz"];
    for (const name of strangers) mkdirSync(join(root, name));
    writeFileSync(join(root, "zzzzzzzzzz", "work.txt"), "kept");
    await eventually(
      () => bot.agents().length === 2 || undefined,
      () => "the session's and the next prepared one",
      15_000,
    );
    const before = bot.agents();
    const folders = readdirSync(root);
    expect(folders).toHaveLength(4);
    await bot.kill();
    await bot.restart();
    const after = await onlyOne();
    expect(before).not.toContain(after);
    const left = readdirSync(root);
    expect(left).toEqual(expect.arrayContaining(strangers));
    // Of the two others one is new: that of the session stays, that of nobody is gone.
    expect(left).toHaveLength(4);
    expect(left.filter((name) => folders.includes(name))).toHaveLength(3);
  });
});
