import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
let topic: number;
let supergroup: number;

beforeAll(async () => {
  stage = await openStage();
  const { chats } = stage.sandbox.user.state();
  topic = chats.find(({ id }) => id === stage.forum)?.topics[0]?.message_thread_id ?? 0;
  supergroup = stage.sandbox.user.createChat({
    type: "supergroup",
    title: "Plain",
    members: [stage.me],
    bots: [stage.bot.id],
  }).id;
});

afterAll(async () => {
  await stage.close();
});

interface Where {
  message_thread_id?: number;
  reply_to_message_id?: number;
}

const say = (chat: number, where: Where = {}) =>
  stage.sandbox.user.say(chat, { from: stage.me, text: "hello", ...where });
const send = (chat_id: number, more: object = {}) =>
  stage.call("sendMessage", { chat_id, text: "hello", ...more });

describe("a forum topic", () => {
  it("marks its messages, and shows its root as the reply of those that are none", () => {
    expect(say(stage.forum, { message_thread_id: topic })).toMatchObject({
      message_thread_id: topic,
      is_topic_message: true,
      reply_to_message: { message_id: topic, forum_topic_created: { name: "Ideas" } },
    });
  });

  it("shows the true reply where there is one; a reply stays in its topic by itself", async () => {
    const first = say(stage.forum, { message_thread_id: topic });
    const told = await send(stage.forum, { reply_parameters: { message_id: first.message_id } });
    expect(told.result).toMatchObject({
      message_thread_id: topic,
      is_topic_message: true,
      reply_to_message: { message_id: first.message_id },
    });
  });

  it("is made by a bot, and its root goes to nobody as an update", async () => {
    const told = await stage.call("createForumTopic", { chat_id: stage.forum, name: "By a bot" });
    expect(told.result).toMatchObject({ name: "By a bot", icon_color: 0x6f_b9_f0 });
    const sent = await send(stage.forum, { message_thread_id: told.result.message_thread_id });
    expect(sent.result.is_topic_message).toBe(true);
  });

  it.each([
    ["closed", "Bad Request: TOPIC_CLOSED"],
    ["deleted", "Bad Request: message thread not found"],
  ] as const)("that is %s refuses senders: %s", async (state, refusal) => {
    const { user } = stage.sandbox;
    const { threadId } = user.createTopic(stage.forum, `soon ${state}`);
    expect((await send(stage.forum, { message_thread_id: threadId })).status).toBe(200);
    user.changeTopic(stage.forum, threadId, { [state]: true });
    expect((await send(stage.forum, { message_thread_id: threadId })).description).toBe(refusal);
    expect(() => say(stage.forum, { message_thread_id: threadId })).toThrow(/topic/);
  });

  it("is renamed, closed, reopened and deleted by a bot, each thing once", async () => {
    const { threadId } = stage.sandbox.user.createTopic(stage.forum, "Before");
    const about = { chat_id: stage.forum, message_thread_id: threadId };
    const shown = () =>
      stage.sandbox.user
        .state()
        .chats.find(({ id }) => id === stage.forum)
        ?.topics.find((one) => one.message_thread_id === threadId);
    const twice = async (method: string, more: object = {}) => [
      (await stage.call(method, { ...about, ...more })).result,
      (await stage.call(method, { ...about, ...more })).description,
    ];
    const once = [true, "Bad Request: TOPIC_NOT_MODIFIED"];
    expect(await twice("editForumTopic", { name: "After" })).toEqual(once);
    expect(await twice("closeForumTopic")).toEqual(once);
    expect(shown()).toMatchObject({ name: "After", closed: true });
    expect(await twice("reopenForumTopic")).toEqual(once);
    expect(shown()?.closed).toBe(false);
    expect(await twice("deleteForumTopic")).toEqual([true, "Bad Request: TOPIC_ID_INVALID"]);
    expect(shown()).toBeUndefined();
    const said = stage.sandbox.user.messages(stage.forum);
    expect(said.some((message) => message.message_thread_id === threadId)).toBe(false);
  });

  it("tells bots when a person renames or closes it", async () => {
    const { threadId } = stage.sandbox.user.createTopic(stage.forum, "Old");
    stage.sandbox.user.changeTopic(stage.forum, threadId, { name: "New", closed: true });
    const { result } = await stage.call("getUpdates", { offset: -2 });
    const where = { message_thread_id: threadId, is_topic_message: true };
    expect(result).toMatchObject([
      { message: { ...where, forum_topic_edited: { name: "New" } } },
      { message: { ...where, forum_topic_closed: {} } },
    ]);
  });
});

describe("General", () => {
  it("has no thread id on its messages; people may name it, senders may not", async () => {
    const said = say(stage.forum, { message_thread_id: 1 });
    expect(said).not.toHaveProperty("message_thread_id");
    expect(said).not.toHaveProperty("is_topic_message");
    expect((await send(stage.forum, { message_thread_id: 1 })).status).toBe(400);
    expect((await send(stage.forum)).result).not.toHaveProperty("message_thread_id");
    const action = { chat_id: stage.forum, message_thread_id: 1, action: "typing" };
    expect((await stage.call("sendChatAction", action)).result).toBe(true);
  });
});

describe("an ordinary supergroup", () => {
  it("puts the thread's id on replies, without is_topic_message", async () => {
    const first = say(supergroup);
    const second = say(supergroup, { reply_to_message_id: first.message_id });
    const third = say(supergroup, { reply_to_message_id: second.message_id });
    for (const reply of [second, third]) {
      expect(reply.message_thread_id).toBe(first.message_id);
      expect(reply).not.toHaveProperty("is_topic_message");
    }
    expect(first).not.toHaveProperty("message_thread_id");
    expect((await send(supergroup, { message_thread_id: 4711 })).status).toBe(400);
  });

  it("has its own message ids, from 2", () => {
    const { id } = stage.sandbox.user.createChat({
      type: "supergroup",
      members: [stage.me],
      bots: [],
    });
    expect(say(id).message_id).toBe(2);
  });
});

describe("a basic group", () => {
  it("knows no threads", async () => {
    const first = say(stage.group);
    const reply = say(stage.group, { reply_to_message_id: first.message_id });
    expect(reply).not.toHaveProperty("message_thread_id");
    expect(reply.reply_to_message?.message_id).toBe(first.message_id);
    expect((await send(stage.group, { message_thread_id: first.message_id })).status).toBe(400);
  });

  it("shows everything to every bot in it, and nothing of bots to bots", async () => {
    const other = stage.sandbox.user.ensureBot("other");
    const pending = (): number => stage.sandbox.user.polling(other.id).pending;
    const before = pending();
    say(stage.group);
    expect(pending()).toBe(before + 1);
    await send(stage.group);
    expect(pending()).toBe(before + 1);
  });
});
