import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, repositoryRoot } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

describe("agents that go wrong, as their user sees it", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open({
      default_agent: "demo",
      sessions: { stall_seconds: 2 },
      agents: {
        demo: { driver: "demo" },
        absent: { command: "/nowhere/claude" },
        hanging: {
          driver: "claude",
          command: join(repositoryRoot, "test/fixtures/agents/hangs-after-result.mjs"),
        },
        stillborn: { driver: "demo", environment: { DEMO_AGENT_EXIT_AT_START: "1" } },
      },
    });
    await bot.ask("/new work", /created/);
  });
  afterAll(() => bot.remove());

  it.each([
    ["die", /ended in the middle of its work/],
    ["half-line", /ended in the middle of its work/],
    ["api-error", /API Error: 529 Overloaded/],
    ["garbage", /I said strange things/],
  ])("%s: one clear message, and the session goes on", async (word, expected) => {
    const id = bot.say(word);
    const { id: told } = await bot.answer(expected, id, 20_000);
    await bot.ask("hello", /you said "hello"/);
    expect(bot.said().filter((each) => each.id > id && expected.test(each.text))).toHaveLength(1);
    expect(told).toBeGreaterThan(id);
  });

  it("5 MB in a line come as a file", async () => {
    const id = bot.say("big 5");
    const { user } = bot.handed.sandbox;
    await eventually(
      () =>
        user
          .messages(bot.handed.chat, undefined, 500)
          .some((message) => message.message_id > id && message.document !== undefined) ||
        undefined,
      () => JSON.stringify(bot.said().slice(-3)).slice(0, 2_000),
      30_000,
    );
    const { text } = await bot.ask("hello", /you said "hello"/);
    expect(text).not.toContain("big");
  });

  it("silence is told, with a button that ends it", async () => {
    const id = bot.say("ignore-interrupt");
    const stalled = await bot.answer(/has said nothing for 2 s/, id);
    bot.press(stalled, /Stop/);
    const receipt = await bot.answer(
      /did not listen, or was at its start: its process was ended in \d+\.\d s; its tool processes are gone, verified/,
      id,
      20_000,
    );
    expect(receipt.text).toContain("⏹");
    await bot.ask("hello", /you said "hello"/);
  });

  it("a history that is gone: asked, never begun anew by itself", async () => {
    await bot.ask("/model slow-thinker", /It counts from the next message on/);
    await eventually(
      () => bot.agents().length === 0 || undefined,
      () => "the agent has ended",
    );
    const root = join(bot.handed.stateDir, "workspaces");
    rmSync(root, { recursive: true, force: true });
    const id = bot.say("still there?");
    const failed = await bot.answer(/Session 'work' could not be resumed[^]*1 message waits/, id);
    expect(failed.buttons.map(({ text }) => text)).toEqual(["Try again", "Start fresh"]);
    bot.press(failed, /Start fresh/);
    await bot.answer(/turn 1: you said "still there\?"/, id);
  });

  it.each([
    ["absent", /The agent "absent" could not be started\.[^]*\/nowhere\/claude/],
    ["stillborn", /ended in the middle of its work \(exit code 1\)[^]*told to exit at its start/],
  ])("%s: what is wrong is said, once", async (agent, expected) => {
    await bot.ask(`/new ${agent}-one --agent ${agent}`, /created/);
    const id = bot.say("hello");
    await bot.answer(expected, id);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(bot.said().filter((each) => each.id > id)).toHaveLength(1);
    await bot.ask("/archive", /archived/);
    await bot.ask("/session work", /Switched to session 'work'/);
  });

  it("hangs after its result: answered at once, and told once when it does not take the next message", async () => {
    await bot.ask("/new hanging-one --agent hanging", /created/);
    await bot.ask("one", /^done$/);
    const id = bot.say("two");
    const told = await bot.answer(/Session 'hanging-one' has said nothing for 2 s/, id, 20_000);
    bot.press(told, /Stop/);
    await bot.answer(/its process was ended in \d+\.\d s/, told.id, 20_000);
    // The word about its silence went with the silence.
    const afterwards = () => bot.said().filter((each) => each.id > id);
    await eventually(
      () => afterwards().length === 1,
      () => JSON.stringify(afterwards()),
    );
    expect(afterwards()[0]?.text).toMatch(/its process was ended/);
    await bot.ask("three", /^done$/);
    await bot.ask("/archive", /archived/);
    await bot.ask("/session work", /Switched to session 'work'/);
  });

  it("permissions and questions are buttons that tell the truth", async () => {
    const asked = await bot.ask("ask", /may it use/);
    bot.press(asked, /Allow/);
    await bot.answer(/You allowed it/, asked.id);
    await eventually(
      () => bot.said().find(({ id, text }) => id === asked.id && /Allowed/.test(text)),
      () => JSON.stringify(bot.said().slice(-4)),
    );
    const question = await bot.ask("question", /Which colour/);
    bot.press(question, /Blue/);
    const { text } = await bot.answer(/You chose/, question.id);
    expect(text).toContain("Blue");
  });

  it("messages wait while it is busy, and can be taken out or brought back", async () => {
    bot.say("slow 30");
    const one = await bot.ask("first", /Queued/);
    const two = await bot.ask("second", /Queued, 1 before it/);
    bot.press(one, /Cancel/);
    await eventually(
      () => bot.said().find(({ id, text }) => id === one.id && /Cancelled/.test(text)),
      () => JSON.stringify(bot.said().slice(-4)),
    );
    const receipt = await bot.ask("/stop", /1 queued message cancelled/);
    expect(two.id).toBeLessThan(receipt.id);
    bot.press(receipt, /Restore/);
    await bot.answer(/you said "second"/, receipt.id);
    await bot.ask("/stop", /^Nothing is running\.$/);
  });
});
