import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

describe("messages that wait, with a real agent", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open();
    await bot.ask("/new work", /created/);
  });
  afterAll(() => bot.remove());

  it("are a turn each, in their order", async () => {
    bot.say("slow 3");
    await bot.ask("second", /Queued/);
    const third = bot.say("third");
    const answer = await bot.answer(/turn 3: you said "third"/, third, 30_000);
    const before = bot.said().filter(({ id }) => id > third && id < answer.id);
    expect(before.some(({ text }) => text.startsWith('turn 2: you said "second"'))).toBe(true);
  }, 60_000);

  it("are a turn each after a kill, too", async () => {
    bot.say("slow 60");
    await bot.ask("fifth", /Queued/);
    const last = bot.say("sixth");
    await bot.answer(/Queued, 1 before it/, last);
    await bot.kill();
    await bot.restart();
    const told = await bot.answer(/interrupted by a restart\. 2 messages wait behind it/, last);
    bot.press(told, /Discard/);
    const fifth = await bot.answer(/you said "fifth"/, last, 30_000);
    const sixth = await bot.answer(/you said "sixth"/, last, 30_000);
    expect(sixth.id).toBeGreaterThan(fifth.id);
  }, 90_000);

  it("a stop breaks the download of one off, says so, and leaves nothing of it", async () => {
    const { sandbox, me, chat } = bot.handed;
    const { user } = sandbox;
    user.faults.add({ method: "getFile", kind: "hang", times: 1 });
    await user.sendFile(chat, "document", {
      from: me,
      file: { name: "plan.txt", base64: Buffer.from("the plan").toString("base64") },
      caption: "look at this",
    });
    await eventually(
      () => user.faults.list()[0]?.hits === 1 || user.faults.list().length === 0 || undefined,
      () => JSON.stringify(user.faults.list()),
    );
    bot.say("behind it");
    const startedMs = performance.now();
    const stop = bot.say("/stop");
    const receipt = await bot.answer(
      /1 message cancelled on its way; to have it, send it again/,
      stop,
    );
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(receipt.text).not.toContain("Nothing is running");
    expect(receipt.text).toContain("1 queued message cancelled.");
    const workspaces = join(bot.handed.stateDir, "workspaces");
    for (const session of readdirSync(workspaces)) {
      const received = join(workspaces, session, "received");
      expect(existsSync(received) ? readdirSync(received) : []).toEqual([]);
    }
    await bot.ask("hello", /you said "hello"/);
    bot.press(receipt, /Restore/);
    await bot.answer(/you said "behind it"/, stop, 30_000);
  }, 60_000);
});
