import { describe, expect, it } from "vitest";
import { onTheirWay } from "../../../../bots/main/hosting/on-their-way.ts";
import type { Update } from "../../../../shared/telegram/bot-api.ts";

const told = { date: 1, chat: { id: -7, type: "supergroup" } };
const message = (updateId: number, more: Record<string, unknown>): Update => ({
  update_id: updateId,
  message: { message_id: updateId, ...told, ...more },
});

function ask(updates: readonly Update[], known: readonly string[] = []) {
  const hands = {
    botId: 42,
    unhandled: () => updates.map((update) => ({ update, updateId: update.update_id })),
    outbox: {
      migrated: { resolve: (chatId: number | string) => (chatId === -7 ? -1007 : chatId) },
    },
  };
  return onTheirWay(hands, (id) => known.includes(id))();
}

describe("what the bot has in hand, and no session has yet", () => {
  it("is each message, for where its group is now", () => {
    const inTopic = { is_topic_message: true, message_thread_id: 3 };
    const text = message(1, { text: "do it" });
    const photo = message(2, { photo: [{ file_id: "f" }], ...inTopic });
    expect(ask([text, photo])).toMatchObject([
      { id: "42/1", order: 1, place: { chatId: -1007 }, text: "do it", hasFile: false },
      { id: "42/2", place: { chatId: -1007, topicId: 3 }, text: "", hasFile: true },
    ]);
  });

  it("may be for another session behind a command that chooses one, in its conversation", () => {
    const inTopic = { is_topic_message: true, message_thread_id: 3 };
    const updates = [
      message(1, { text: "before" }),
      message(2, { text: "/new other" }),
      message(3, { text: "behind" }),
      message(4, { text: "elsewhere", ...inTopic }),
    ];
    expect(ask(updates).map(({ isForAnother }) => isForAnother)).toEqual([false, true, false]);
  });

  it("is nothing that a session has already", () => {
    expect(ask([message(1, { text: "do it" })], ["42/1"])).toEqual([]);
  });

  it.each([
    ["a command", message(1, { text: "/status" })],
    [
      "a forwarded command, which is one",
      message(1, {
        text: "/new x",
        forward_origin: { type: "hidden_user", date: 1, sender_user_name: "A" },
      }),
    ],
    [
      "an odd message, whose handler will fail",
      message(1, { text: "?", forward_origin: { type: "new" } }),
    ],
    ["a service message", message(1, { new_chat_title: "Work" })],
    ["a button", { update_id: 1, callback_query: { id: "1", message: told } } as unknown as Update],
  ])("is not %s", (_name, update) => {
    expect(ask([update])).toEqual([]);
  });
});
