import { describe, expect, it } from "vitest";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { conversationOf, partitionOf, userOf } from "../../shared/telegram/conversation.ts";

const forum = { id: -100, type: "supergroup", is_forum: true };
const user = { id: 7, is_bot: false, first_name: "A" };

describe("the conversation of an update", () => {
  it.each([
    ["a private message", { message: { chat: { id: 7 }, from: user } }, "7"],
    ["a message in a group", { message: { chat: forum, from: user } }, "-100"],
    [
      "a message in a topic",
      { message: { chat: forum, message_thread_id: 5, is_topic_message: true } },
      "-100:5",
    ],
    [
      "a reply in an ordinary supergroup",
      { message: { chat: forum, message_thread_id: 5 } },
      "-100",
    ],
    ["a channel post", { channel_post: { chat: { id: -200 } } }, "-200"],
    [
      "an edited message in a topic",
      { edited_message: { chat: forum, message_thread_id: 5, is_topic_message: true } },
      "-100:5",
    ],
    [
      "a press in a topic",
      {
        callback_query: {
          id: "1",
          from: user,
          message: { chat: forum, message_thread_id: 5, is_topic_message: true },
        },
      },
      "-100:5",
    ],
    ["a press below an inline message", { callback_query: { id: "1", from: user } }, "u7"],
    ["a reaction", { message_reaction: { chat: forum, user } }, "-100"],
    ["a change of membership", { my_chat_member: { chat: forum, from: user } }, "-100"],
    [
      "the native stop button",
      { stopped_message_generation: { chat: { id: 7 }, message_thread_id: 5, draft_id: 1 } },
      "7:5",
    ],
    ["an inline query", { inline_query: { id: "1", from: user, query: "x" } }, "u7"],
    ["an answer to a poll", { poll_answer: { poll_id: "1", user } }, "u7"],
    ["a poll", { poll: { id: "1" } }, "_"],
    ["a kind that does not exist yet", { from_the_future: { chat: { id: 9 } } }, "9"],
    ["odd values", { message: { chat: { id: "7" }, from: null, message_thread_id: {} } }, "_"],
    ["nothing at all", {}, "_"],
  ])("%s", (_, fields, key) => {
    expect(conversationOf({ update_id: 1, ...fields } as Update).key).toBe(key);
  });

  it("names chat and topic, and leaves out what there is not", () => {
    const message = { chat: forum, message_thread_id: 5, is_topic_message: true };
    expect(conversationOf({ update_id: 1, message } as unknown as Update)).toEqual({
      chatId: -100,
      topicId: 5,
      key: "-100:5",
    });
    expect(conversationOf({ update_id: 1, poll: {} } as unknown as Update)).toEqual({ key: "_" });
  });

  it("knows who caused it", () => {
    const press = { update_id: 1, callback_query: { from: user, message: { from: { id: 99 } } } };
    expect(userOf(press as unknown as Update)).toBe(7);
    expect(userOf({ update_id: 1, poll: {} } as unknown as Update)).toBeUndefined();
  });

  it("does not throw, whatever it is given", () => {
    for (const odd of [null, undefined, 5, "x", [], { message: null }, { message: [] }]) {
      expect(conversationOf(odd as unknown as Update).key).toBe("_");
    }
  });
});

describe("the part of a conversation", () => {
  it("is one of sixteen and never changes: records on disk carry it", () => {
    expect(["1", "-100", "-100:5", "u7", "_", ""].map(partitionOf)).toMatchInlineSnapshot(`
      [
        12,
        3,
        10,
        5,
        14,
        5,
      ]
    `);
  });

  it("spreads conversations evenly", () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let chat = 1; chat <= 16_000; chat += 1) {
      const part = partitionOf(String(chat * 31));
      counts[part] = (counts[part] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});
