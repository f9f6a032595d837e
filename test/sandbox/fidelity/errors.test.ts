import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
let kickedFrom: number;
let leftFrom: number;
let blocker: number;

beforeAll(async () => {
  stage = await openStage();
  const { user } = stage.sandbox;
  const { me } = stage;
  const bots = [stage.bot.id];
  kickedFrom = user.createChat({ type: "group", members: [me], bots }).id;
  user.setMembership(kickedFrom, stage.bot.id, "kicked");
  leftFrom = user.createChat({ type: "supergroup", members: [me], bots }).id;
  user.setMembership(leftFrom, stage.bot.id, "left");
  blocker = user.createUser("Blocker").id;
  user.createChat({ type: "private", members: [blocker], bots });
  user.block(blocker, stage.bot.id, true);
});

afterAll(async () => {
  await stage.close();
});

const keyboard = (button: object): object => ({ inline_keyboard: [[button]] });

describe("errors, worded as Telegram words them", () => {
  it.each<[string, string, () => object, number, string]>([
    ["no chat", "sendMessage", () => ({ text: "a" }), 400, "Bad Request: chat_id is empty"],
    [
      "an unknown chat",
      "sendMessage",
      () => ({ chat_id: 5, text: "a" }),
      400,
      "Bad Request: chat not found",
    ],
    [
      "a name nobody has",
      "sendMessage",
      () => ({ chat_id: "@nobody", text: "a" }),
      400,
      "Bad Request: chat not found",
    ],
    [
      "a group it was thrown out of",
      "sendMessage",
      () => ({ chat_id: kickedFrom, text: "a" }),
      403,
      "Forbidden: bot was kicked from the group chat",
    ],
    [
      "a group it left",
      "sendMessage",
      () => ({ chat_id: leftFrom, text: "a" }),
      403,
      "Forbidden: bot is not a member of the supergroup chat",
    ],
    [
      "a person who blocked it",
      "sendMessage",
      () => ({ chat_id: blocker, text: "a" }),
      403,
      "Forbidden: bot was blocked by the user",
    ],
    [
      "no text",
      "sendMessage",
      () => ({ chat_id: stage.me }),
      400,
      "Bad Request: message text is empty",
    ],
    [
      "blank text",
      "sendMessage",
      () => ({ chat_id: stage.me, text: " \n " }),
      400,
      "Bad Request: message text is empty",
    ],
    [
      "markup without text",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "<b> </b>", parse_mode: "HTML" }),
      400,
      "Bad Request: message text is empty",
    ],
    [
      "4097 characters",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a".repeat(4097) }),
      400,
      "Bad Request: message is too long",
    ],
    [
      "broken HTML",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "<b>a", parse_mode: "HTML" }),
      400,
      `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
    ],
    [
      "an unescaped dot",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a.", parse_mode: "MarkdownV2" }),
      400,
      "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ],
    [
      "an unknown parse_mode",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", parse_mode: "BBCode" }),
      400,
      "Bad Request: unsupported parse_mode",
    ],
    [
      "entities that are no JSON",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", entities: "[" }),
      400,
      "Bad Request: can't parse entities JSON object",
    ],
    [
      "an entity beyond the text",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "ab", entities: [{ type: "bold", offset: 1, length: 5 }] }),
      400,
      "Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6",
    ],
    [
      "an entity in half an emoji",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "😀", entities: [{ type: "bold", offset: 0, length: 1 }] }),
      400,
      "Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at UTF-16 offset 1",
    ],
    [
      "callback data of 65 bytes",
      "sendMessage",
      () => ({
        chat_id: stage.me,
        text: "a",
        reply_markup: keyboard({ text: "b", callback_data: "x".repeat(65) }),
      }),
      400,
      "Bad Request: BUTTON_DATA_INVALID",
    ],
    [
      "callback data of 33 two-byte letters",
      "sendMessage",
      () => ({
        chat_id: stage.me,
        text: "a",
        reply_markup: keyboard({ text: "b", callback_data: "ä".repeat(33) }),
      }),
      400,
      "Bad Request: BUTTON_DATA_INVALID",
    ],
    [
      "a button that does nothing",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", reply_markup: keyboard({ text: "b" }) }),
      400,
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      "a keyboard that is no JSON",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", reply_markup: "{" }),
      400,
      "Bad Request: can't parse reply keyboard markup JSON object",
    ],
    [
      "a reply to nothing",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", reply_parameters: { message_id: 99 } }),
      400,
      "Bad Request: message to be replied not found",
    ],
    [
      "a thread in a private chat",
      "sendMessage",
      () => ({ chat_id: stage.me, text: "a", message_thread_id: 4 }),
      400,
      "Bad Request: message thread not found",
    ],
    [
      "General by its id",
      "sendMessage",
      () => ({ chat_id: stage.forum, text: "a", message_thread_id: 1 }),
      400,
      "Bad Request: message thread not found",
    ],
    [
      "an unknown topic",
      "sendMessage",
      () => ({ chat_id: stage.forum, text: "a", message_thread_id: 77 }),
      400,
      "Bad Request: message thread not found",
    ],
    [
      "an edit of nothing",
      "editMessageText",
      () => ({ chat_id: stage.me, message_id: 99, text: "a" }),
      400,
      "Bad Request: message to edit not found",
    ],
    [
      "an edit without a message",
      "editMessageText",
      () => ({ chat_id: stage.me, text: "a" }),
      400,
      "Bad Request: message identifier is not specified",
    ],
    [
      "a deletion of nothing",
      "deleteMessage",
      () => ({ chat_id: stage.me, message_id: 99 }),
      400,
      "Bad Request: message to delete not found",
    ],
    [
      "an unknown press",
      "answerCallbackQuery",
      () => ({ callback_query_id: "1" }),
      400,
      "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ],
    [
      "an action nobody knows",
      "sendChatAction",
      () => ({ chat_id: stage.me, action: "dancing" }),
      400,
      "Bad Request: wrong parameter action in request",
    ],
    [
      "a topic in a group without topics",
      "createForumTopic",
      () => ({ chat_id: stage.group, name: "a" }),
      400,
      "Bad Request: the chat is not a forum",
    ],
    [
      "a command with a space",
      "setMyCommands",
      () => ({ commands: [{ command: "a b", description: "c" }] }),
      400,
      "Bad Request: BOT_COMMAND_INVALID",
    ],
    ["a method that is none", "sendPigeon", () => ({}), 404, "Not Found: method not found"],
    ["no method at all", "", () => ({}), 404, "Not Found: method not found"],
    ["close within 10 minutes", "close", () => ({}), 429, "Too Many Requests: retry after 600"],
  ])("%s", async (_, method, parameters, status, description) => {
    const told = await stage.call(method, parameters());
    expect([told.status, told.description]).toEqual([status, description]);
    expect(told.ok).toBe(false);
  });

  it("429 has the seconds in the parameters and in the header", async () => {
    const told = await stage.call("close");
    expect(told.parameters).toEqual({ retry_after: 600 });
    expect(told.headers.get("retry-after")).toBe("600");
  });
});
