import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const create = () => stage.call("createForumTopic", { chat_id: stage.me, name: "Plan" });

describe("topics in private chats", () => {
  it("are off until they are switched on for the bot", async () => {
    expect((await stage.call("getMe")).result.has_topics_enabled).toBe(false);
    expect((await create()).description).toBe("Bad Request: the chat is not a forum");
    stage.sandbox.user.setPrivateTopics(stage.bot.id, true);
    expect((await stage.call("getMe")).result).toMatchObject({
      has_topics_enabled: true,
      allows_users_to_create_topics: true,
    });
  });

  it("carry their id on messages of both sides", async () => {
    const { message_thread_id } = (await create()).result;
    const where = { message_thread_id, is_topic_message: true };
    const sent = await stage.call("sendMessage", {
      chat_id: stage.me,
      message_thread_id,
      text: "x",
    });
    expect(sent.result).toMatchObject({ ...where, chat: { type: "private" } });
    expect(sent.result.chat).not.toHaveProperty("is_forum");
    const { user } = stage.sandbox;
    expect(user.say(stage.dialog, { from: stage.me, text: "y", message_thread_id })).toMatchObject(
      where,
    );
    expect(user.say(stage.dialog, { from: stage.me, text: "z" })).not.toHaveProperty(
      "message_thread_id",
    );
  });

  it("are made by people, and gone when they are deleted", async () => {
    const topic = stage.sandbox.user.createTopic(stage.dialog, "Mine");
    const target = { chat_id: stage.me, message_thread_id: topic.threadId };
    expect((await stage.call("closeForumTopic", target)).status).toBe(400);
    expect((await stage.call("deleteForumTopic", target)).result).toBe(true);
    const told = await stage.call("sendMessage", { ...target, text: "x" });
    expect(told.description).toBe("Bad Request: message thread not found");
  });

  it("come with new chats of the bot", () => {
    const { user } = stage.sandbox;
    const { id } = user.createUser("Second");
    const chat = user.createChat({ type: "private", members: [id], bots: [stage.bot.id] });
    expect(chat.is_forum).toBe(true);
  });
});
