import { describe, expect, it } from "vitest";
import { messageWords, sentOf } from "../../../../bots/main/attachments/message-words.ts";
import type { Message } from "../../../../shared/telegram/bot-api.ts";

const user = { type: "user", sender_user: { first_name: "Zoe" } };

function message(fields: object): Message {
  return { message_id: 1, date: 0, chat: { id: 7, type: "private" }, ...fields };
}

describe("the words of a message", () => {
  it.each([
    ["its text", { text: "Do it." }, "Do it."],
    ["its caption", { caption: "the plan" }, "the plan"],
    ["nothing", { photo: [] }, ""],
    ["nothing of a forwarded picture", { photo: [], forward_origin: user }, ""],
    ["and whose they are", { text: "Do it.", forward_origin: user }, "Forwarded from Zoe:\nDo it."],
  ])("are %s", (_, fields, words) => {
    expect(messageWords(message(fields))).toBe(words);
  });

  it.each([
    [{ type: "user", sender_user: { first_name: "Max", last_name: "M." } }, "Max M."],
    [{ type: "hidden_user", sender_user_name: "Ann" }, "Ann"],
    [{ type: "chat", sender_chat: { title: "Team" } }, "Team"],
    [{ type: "channel", chat: { title: "News" } }, "News"],
    [{ type: "channel", chat: {} }, "a chat"],
  ])("name %j", (origin, name) => {
    expect(messageWords(message({ text: "x", forward_origin: origin }))).toBe(
      `Forwarded from ${name}:\nx`,
    );
  });
});

describe("how a message was sent", () => {
  it.each([
    ["alone", { text: "x" }],
    ["alone", { text: "x".repeat(2_048) }],
    ["long", { text: "x".repeat(2_049) }],
    ["album a", { photo: [], media_group_id: "a" }],
    ["forwarded", { text: "x", forward_origin: user }],
    ["album a", { photo: [], media_group_id: "a", forward_origin: user }],
  ])("%s", (as, fields) => {
    expect(sentOf(message(fields))).toEqual({ atS: 0, as });
  });
});
