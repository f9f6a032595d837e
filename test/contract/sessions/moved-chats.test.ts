import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";

interface Record {
  conversation: { chatId: number; topicId?: number };
  resumeId: string | null;
}

let bot: SessionBot;
afterEach(() => bot.remove());

function chatOf(order: { type: "group" | "supergroup"; is_forum?: boolean }): number {
  const { sandbox, me } = bot.handed;
  const [main] = sandbox.user.state().bots;
  return sandbox.user.createChat({ ...order, title: "Work", members: [me], bots: [main?.id ?? 0] })
    .id;
}

function recordPath(): string {
  const root = join(bot.handed.stateDir, "sessions");
  const id = readdirSync(root).find((name) => !name.includes("."));
  return join(root, id ?? "", "session.json");
}

const record = (): Record => JSON.parse(readFileSync(recordPath(), "utf8")) as Record;

const recordedIn = (chat: number): Promise<unknown> =>
  eventually(
    () => record().conversation.chatId === chat || undefined,
    () => `the record moves to ${chat}: ${JSON.stringify(record())}\n${bot.log.slice(-2_000)}`,
  );

async function inGroup(text: string, chat: number, pattern: RegExp) {
  return bot.answer(pattern, bot.say(text, chat), 30_000, chat);
}

describe("a group that becomes a supergroup", () => {
  it("takes its session along: the turn that runs, what waits, what is asked, the history; also over a kill", async () => {
    bot = await SessionBot.open();
    const group = chatOf({ type: "group" });
    await inGroup("/new work", group, /created/);
    await inGroup("hello", group, /turn 1/);
    const { resumeId } = record();
    await inGroup("ask", group, /may it use/);
    await inGroup("behind it", group, /Queued/);
    const unwanted = await inGroup("never mind", group, /Queued/);
    const { id: large } = bot.handed.sandbox.user.migrate(group);
    await recordedIn(large);
    bot.press(unwanted, /Cancel/, group);
    // The button of the request stands in the old group; the turn and what waits end in the new one.
    const asked = bot.said(group).find(({ text }) => text.includes("may it use"));
    if (asked === undefined) throw new Error("nothing was asked");
    bot.press(asked, /Allow/, group);
    await bot.answer(/You allowed it/, 0, 30_000, large);
    await bot.answer(/turn 3: you said "behind it"/, 0, 30_000, large);
    await inGroup("go on", large, /turn 4[^]*I remember 3 earlier/);
    await inGroup("/sessions", large, /→ 🟢 work/);
    expect(record()).toMatchObject({ conversation: { chatId: large }, resumeId });
    bot.say("slow 60", large);
    await bot.answer(/word1/, 0, 30_000, large);
    const stopped = await inGroup("/stop", large, /work interrupted/);
    expect(stopped.text).toContain("verified");
    await bot.kill();
    await bot.restart();
    await inGroup("and now", large, /turn 6: you said "and now"/);
    // What stands in the old group of things that are over is not said anew.
    expect(bot.said(large).filter(({ text }) => /Queued|Cancelled/.test(text))).toEqual([]);
    expect(record().resumeId).toBe(resumeId);
  }, 150_000);

  it("is followed by its old id, when nothing but a refusal tells of it, and after a crash in between", async () => {
    bot = await SessionBot.open();
    const group = chatOf({ type: "group" });
    await inGroup("/new work", group, /created/);
    await inGroup("hello", group, /turn 1/);
    await inGroup("slow 60", group, /word1/);
    await bot.kill();
    const { sandbox } = bot.handed;
    const { id: large } = sandbox.user.migrate(group);
    await forgetUpdates();
    await bot.restart();
    const told = await bot.answer(/interrupted by a restart/, 0, 30_000, large);
    await recordedIn(large);
    bot.press(told, /Discard/, large);
    await inGroup("go on", large, /you said "go on"/);
    // As if the process had died before the session's record was written.
    await bot.kill();
    expect(existsSync(join(bot.handed.stateDir, "outbox", "main", "migrated.json"))).toBe(true);
    const known = record();
    writeFileSync(recordPath(), JSON.stringify({ ...known, conversation: { chatId: group } }));
    await bot.restart();
    await recordedIn(large);
    await inGroup("still there?", large, /you said "still there\?"/);
    expect(record().resumeId).toBe(known.resumeId);
  }, 150_000);
});

/** What Telegram tells of the move is confirmed by somebody else. */
async function forgetUpdates(): Promise<void> {
  const { sandbox, environment } = bot.handed;
  const ask = async (offset: number): Promise<readonly { update_id: number }[]> => {
    const token = environment["TG_BOT_TOKEN"] ?? "";
    const answer = await fetch(`${sandbox.url}/bot${token}/getUpdates?offset=${offset}`);
    return ((await answer.json()) as { result: { update_id: number }[] }).result;
  };
  const [last] = await ask(-1);
  expect(await ask((last?.update_id ?? 0) + 1)).toEqual([]);
}

describe("a forum topic that is deleted", () => {
  it("leaves its session to the chat: what it says, a word about it, and a way to go on elsewhere", async () => {
    bot = await SessionBot.open();
    const { user } = bot.handed.sandbox;
    const forum = chatOf({ type: "supergroup", is_forum: true });
    const { threadId } = user.createTopic(forum, "A");
    const heard = (pattern: RegExp, after: number) => bot.answer(pattern, after, 40_000, forum);
    await heard(/created/, bot.say("/new work", forum, threadId));
    await heard(/turn 1: you said[^]*demo agent/, bot.say("hello", forum, threadId));
    const { resumeId } = record();
    const asked = bot.say("tool 6", forum, threadId);
    await eventually(
      () => bot.agents().length === 2 || undefined,
      () => "the tool runs",
    );
    user.changeTopic(forum, threadId, { deleted: true });
    await heard(/took 6 s[^]*the topic of this answer is closed or gone/, asked);
    const told = await heard(/topic of session 'work' is closed or gone/, asked);
    await heard(/work[^\n]*topic[^\n]*gone/, bot.say("/sessions", forum));
    bot.press(told, /Go on here/, forum);
    await heard(/goes on here/, told.id);
    await heard(/turn 3: you said "go on"/, bot.say("go on", forum));
    expect(record()).toMatchObject({ conversation: { chatId: forum }, resumeId });
    expect(record().conversation.topicId).toBeUndefined();
    const notices = bot.said(forum).filter(({ text }) => /is closed or gone\. What/.test(text));
    expect(notices).toHaveLength(1);
  }, 120_000);
});
