import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

describe("/stop in a topic, with real agents in five topics", () => {
  let bot: SessionBot;
  let forum: number;
  let topics: number[];

  beforeAll(async () => {
    bot = await SessionBot.open({ sessions: { live_agents: 8 } });
    const { sandbox, me } = bot.handed;
    const { user } = sandbox;
    const [main] = user.state().bots;
    forum = user.createChat({
      type: "supergroup",
      title: "Work",
      is_forum: true,
      members: [me],
      bots: [main?.id ?? 0],
    }).id;
    topics = ["A", "B", "C", "D", "E"].map((name) => user.createTopic(forum, name).threadId);
    for (const [at, topic] of topics.entries()) {
      await answered(`/new t${at}`, topic, /created/);
      await answered("hello", topic, /turn 1/);
    }
  }, 120_000);
  afterAll(() => bot.remove());

  function heard(topic: number, pattern: RegExp, after: number, withinMs = 30_000) {
    return eventually(
      () => bot.said(forum, topic).find(({ id, text }) => id > after && pattern.test(text)),
      () =>
        `${String(pattern)}; said ${JSON.stringify(bot.said(forum, topic).slice(-4))}\n${bot.log.slice(-1_500)}`,
      withinMs,
    );
  }

  function answered(text: string, topic: number, pattern: RegExp) {
    return heard(topic, pattern, bot.say(text, forum, topic));
  }

  it.each([
    ["a tool that runs", "tool 60", /`?t0`? interrupted in/],
    ["an agent that does not listen", "ignore-interrupt", /process was ended in/],
  ])(
    "ends %s there, and leaves the other four working to their end",
    async (_name, word, receipt) => {
      const others = topics.slice(1);
      const begun = others.map((topic) => [topic, bot.say("slow 12", forum, topic)] as const);
      const [first = 0] = topics;
      bot.say(word, forum, first);
      const queued = bot.say("behind it", forum, first);
      await heard(first, /Queued/, queued);
      const stopped = await answered("/stop", first, receipt);
      expect(stopped.text).toMatch(/tool processes are gone, verified/);
      expect(stopped.text).toMatch(/1 queued message cancelled/);
      for (const [topic, id] of begun) {
        const { text } = await heard(topic, /word60/, id, 60_000);
        expect(text).not.toContain("Stopped");
      }
      bot.press(stopped, /Restore/, forum);
      await heard(first, /you said "behind it"/, stopped.id);
    },
    120_000,
  );

  it("is quick: from the word to the end of the tools, median of seven", async () => {
    const [first = 0] = topics;
    const took: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const before = bot.agents().length;
      bot.say("tool 60", forum, first);
      await eventually(
        () => bot.agents().length > before || undefined,
        () => "the tool runs",
      );
      const startedMs = performance.now();
      const id = bot.say("/stop", forum, first);
      await eventually(
        () => bot.agents().length === before || undefined,
        () => "the tool is gone",
      );
      took.push(performance.now() - startedMs);
      await heard(first, /interrupted in/, id);
    }
    console.log(`/stop -> tools gone: median ${Math.round(median(took))} ms`);
    expect(median(took)).toBeLessThan(500);
  }, 120_000);

  it("/stop_all from one topic ends them all, topic by topic", async () => {
    for (const topic of topics) bot.say("tool 60", forum, topic);
    await eventually(
      () => bot.agents().length === 10 || undefined,
      () => `five tools run; ${bot.agents().length} processes`,
      30_000,
    );
    const [, second = 0] = topics;
    const { text } = await answered("/stop_all", second, /Topic/);
    expect(text.match(/interrupted in/g)).toHaveLength(5);
    await answered("/stop", second, /^Nothing is running\.$/);
  }, 60_000);
});

describe("the native stop button of a draft", () => {
  let bot: SessionBot;
  beforeAll(async () => {
    bot = await SessionBot.open();
    await bot.ask("/new work", /created/);
  });
  afterAll(() => bot.remove());

  it("does the same as /stop", async () => {
    const { sandbox, me, chat } = bot.handed;
    const id = bot.say("slow 60");
    await eventually(
      () => {
        try {
          return sandbox.user.stopDraft(chat, { from: me });
        } catch {
          return undefined;
        }
      },
      () => `a draft that can be stopped; ${JSON.stringify(sandbox.user.state().drafts)}`,
    );
    await bot.answer(/interrupted in/, id);
    const { text } = await bot.answer(/Stopped/, id);
    expect(text).toMatch(/^word1/);
  });
});
