import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { type Said, SessionBot } from "./session-bot.ts";

const labels = (said: Said | undefined): string[] => said?.buttons.map(({ text }) => text) ?? [];

describe("what stands in chats when the bot ends in the middle of everything", () => {
  let bot: SessionBot;
  let forum: number;
  let topicCount = 0;
  beforeAll(async () => {
    bot = await SessionBot.open({ sessions: { live_agents: 2 } });
  });
  afterAll(() => bot.remove());

  /** One for each case: Telegram's pace for a group would make the next one wait. */
  function newForum(): number {
    const { sandbox, me } = bot.handed;
    const [main] = sandbox.user.state().bots;
    return sandbox.user.createChat({
      type: "supergroup",
      title: "Work",
      is_forum: true,
      members: [me],
      bots: [main?.id ?? 0],
    }).id;
  }

  async function newTopic(): Promise<number> {
    topicCount += 1;
    const topic = bot.handed.sandbox.user.createTopic(forum, `T${topicCount}`).threadId;
    const id = bot.say(`/new t${topicCount}`, forum, topic);
    await heard(topic, /created/, id);
    return topic;
  }

  function heard(topic: number, pattern: RegExp, after = 0): Promise<Said> {
    return eventually(
      () => bot.said(forum, topic).find(({ id, text }) => id > after && pattern.test(text)),
      () =>
        `${String(pattern)}; said ${JSON.stringify(bot.said(forum, topic).slice(-5))}\n${bot.log.slice(-2_000)}`,
      30_000,
    );
  }

  const now = (topic: number, wanted: Said): Said | undefined =>
    bot.said(forum, topic).find(({ id }) => id === wanted.id);
  /** Taken away at the pace of the group, behind what is said. */
  const goes = (topic: number, said: Said): Promise<unknown> =>
    eventually(
      () => now(topic, said) === undefined || undefined,
      () => `is taken away: ${said.text}`,
      20_000,
    );
  const placed = (): string =>
    readFileSync(join(bot.handed.stateDir, "sessions", "placed.jsonl"), "utf8");
  /** Before that nobody can know after a kill whether it arrived: it is sent again, and the first one stays. */
  const isKnown = ({ id }: Said): Promise<unknown> =>
    eventually(
      () => new RegExp(`"messageId":${id}\\b`).test(placed()) || undefined,
      () => `message ${id} is noted; ${placed()}`,
      20_000,
    );
  const like = (topic: number, pattern: RegExp): Said[] =>
    bot.said(forum, topic).filter(({ text }) => pattern.test(text));

  it.each([
    ["killed", () => bot.kill()],
    ["stopped", () => bot.stop()],
  ] as const)(
    "shows the true state after the next start when it was %s",
    async (_how, end) => {
      forum = newForum();
      const [grows, asks, waits] = [await newTopic(), await newTopic(), await newTopic()];
      bot.say("slow 60", forum, grows);
      const growing = await heard(grows, /word12/);
      expect(labels(growing)).toEqual(["⏹ Stop"]);
      bot.say("behind it", forum, grows);
      bot.say("and another", forum, grows);
      const queued = await heard(grows, /Queued\./);
      const second = await heard(grows, /Queued, 1 before it/);
      bot.say("ask", forum, asks);
      const asked = await heard(asks, /may it use/);
      expect(labels(asked)).toEqual(["Allow", "Deny"]);
      bot.say("hello", forum, waits);
      const seat = await heard(waits, /2 agents are at work already/);
      expect(labels(seat)).toEqual(["⏹ Stop"]);
      await Promise.all([growing, queued, second, asked, seat].map(isKnown));

      await end();
      const shown = now(grows, growing)?.text ?? "";
      await bot.restart();

      const told = await heard(grows, /interrupted by a restart/);
      expect(told.id).toBe(growing.id);
      expect(told.text).toContain(shown.replace(/\s*⚙️.*$/s, ""));
      expect(labels(told)).toEqual(["Resume", "Discard"]);
      const expired = await heard(asks, /may it use.*Expired/s);
      expect(expired).toMatchObject({ id: asked.id, buttons: [] });
      await heard(waits, /you said "hello"/);
      await heard(asks, /interrupted by a restart/);
      await goes(waits, seat);
      expect(like(grows, /interrupted by a restart/)).toHaveLength(1);
      expect(like(asks, /interrupted by a restart/)).toHaveLength(1);
      const stops = () =>
        [grows, asks, waits]
          .flatMap((topic) => bot.said(forum, topic))
          .filter((said) => labels(said).includes("⏹ Stop"));
      await eventually(
        () => stops().length === 0 || undefined,
        () => `nothing to stop; ${JSON.stringify(stops())}`,
        20_000,
      );

      expect(like(grows, /Queued/).map(({ id }) => id)).toEqual([queued.id, second.id]);
      bot.press(second, /Cancel/, forum);
      const cancelled = await heard(grows, /Cancelled/);
      expect(cancelled).toMatchObject({ id: second.id, buttons: [] });
      bot.press(told, /Discard/, forum);
      await heard(grows, /you said "behind it"/, told.id);
      await goes(grows, queued);
    },
    120_000,
  );
});
