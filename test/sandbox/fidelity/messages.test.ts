import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const send = async (text: string, more: object = {}): Promise<{ message_id: number }> =>
  (await stage.call("sendMessage", { chat_id: stage.me, text, ...more })).result;

const keyboard = (data: string) => ({ inline_keyboard: [[{ text: "Go", callback_data: data }]] });
const list = (command: string) => [{ command, description: "D" }];
const notModified =
  "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

describe("sending", () => {
  it("counts 4096 after parsing, in UTF-16 units", async () => {
    const text = `<b>${"😀".repeat(2048)}</b>`;
    const told = await stage.call("sendMessage", { chat_id: stage.me, text, parse_mode: "HTML" });
    expect(told.result.text).toHaveLength(4096);
    expect(told.result.entities).toEqual([{ type: "bold", offset: 0, length: 4096 }]);
  });

  it("trims the text and moves the entities along", async () => {
    const message = await send("  ab  ", { entities: [{ type: "bold", offset: 2, length: 4 }] });
    expect(message).toMatchObject({
      text: "ab",
      entities: [{ type: "bold", offset: 0, length: 2 }],
    });
  });

  it("keeps 100 entities", async () => {
    const entities = Array.from({ length: 150 }, (_, offset) => ({
      type: "bold",
      offset,
      length: 1,
    }));
    const message = await send("a".repeat(200), { entities });
    expect((message as { entities?: unknown[] }).entities).toHaveLength(100);
  });

  it.each([
    ["reply_parameters", (id: number) => ({ reply_parameters: { message_id: id } })],
    ["reply_to_message_id", (id: number) => ({ reply_to_message_id: id })],
  ])("replies by %s; the quoted message quotes no other", async (_, reply) => {
    const first = await send("first");
    const second = await send("second", reply(first.message_id));
    const third = await send("third", reply(second.message_id));
    expect(third).toMatchObject({ reply_to_message: { message_id: second.message_id } });
    expect(third).not.toHaveProperty("reply_to_message.reply_to_message");
  });

  it("goes without the reply where that is allowed", async () => {
    const reply_parameters = { message_id: 987_654, allow_sending_without_reply: true };
    expect(await send("alone", { reply_parameters })).not.toHaveProperty("reply_to_message");
  });

  it("accepts a reply keyboard, which stays with nobody's message", async () => {
    const reply_markup = { keyboard: [[{ text: "Yes" }]], resize_keyboard: true };
    expect(await send("?", { reply_markup })).not.toHaveProperty("reply_markup");
  });

  it("makes no update for the bot itself", async () => {
    await send("hello");
    expect((await stage.call("getUpdates", { offset: -1 })).result).toEqual([]);
  });
});

describe("editing", () => {
  it("changes text, entities and keyboard, and says when", async () => {
    const { message_id } = await send("/old", { reply_markup: keyboard("a") });
    const told = await stage.call("editMessageText", {
      chat_id: stage.me,
      message_id,
      text: "new",
    });
    expect(told.result).toMatchObject({ message_id, text: "new", edit_date: expect.any(Number) });
    expect(told.result).not.toHaveProperty("reply_markup");
    expect(told.result).not.toHaveProperty("entities");
  });

  it("is refused when nothing changes", async () => {
    const { message_id } = await send("same", { reply_markup: keyboard("a") });
    const same = { chat_id: stage.me, message_id, text: "same", reply_markup: keyboard("a") };
    expect((await stage.call("editMessageText", same)).description).toBe(notModified);
    const { text: _, ...markup } = same;
    expect((await stage.call("editMessageReplyMarkup", markup)).description).toBe(notModified);
  });

  it("of the keyboard alone leaves the text", async () => {
    const { message_id } = await send("text", { reply_markup: keyboard("a") });
    const target = { chat_id: stage.me, message_id };
    const changed = await stage.call("editMessageReplyMarkup", {
      ...target,
      reply_markup: keyboard("b"),
    });
    expect(changed.result).toMatchObject({ text: "text", reply_markup: keyboard("b") });
    const removed = await stage.call("editMessageReplyMarkup", target);
    expect(removed.result).not.toHaveProperty("reply_markup");
  });

  it("is for the bot's own messages", async () => {
    const { message_id } = stage.sandbox.user.say(stage.dialog, { from: stage.me, text: "mine" });
    const told = await stage.call("editMessageText", { chat_id: stage.me, message_id, text: "a" });
    expect(told.description).toBe("Bad Request: message can't be edited");
  });
});

describe("deleting", () => {
  it("works once for own messages, and for people's in private chats only", async () => {
    const { message_id } = await send("gone");
    expect((await stage.call("deleteMessage", { chat_id: stage.me, message_id })).result).toBe(
      true,
    );
    const again = await stage.call("deleteMessage", { chat_id: stage.me, message_id });
    expect(again.description).toBe("Bad Request: message to delete not found");
    const { user } = stage.sandbox;
    const inDialog = user.say(stage.dialog, { from: stage.me, text: "a" }).message_id;
    const inGroup = user.say(stage.group, { from: stage.me, text: "a" }).message_id;
    const tell = async (chat_id: number, id: number) =>
      (await stage.call("deleteMessage", { chat_id, message_id: id })).description;
    expect(await tell(stage.me, inDialog)).toBeUndefined();
    expect(await tell(stage.group, inGroup)).toBe("Bad Request: message can't be deleted");
  });

  it("ends after 48 hours", async () => {
    const { message_id } = await send("old");
    await stage.clock.advance(48 * 3_600_000);
    const told = await stage.call("deleteMessage", { chat_id: stage.me, message_id });
    expect(told.description).toBe("Bad Request: message can't be deleted");
  });
});

describe("getChat, actions and commands", () => {
  it("shows chats as bots see them", async () => {
    expect((await stage.call("getChat", { chat_id: stage.me })).result).toMatchObject({
      id: stage.me,
      type: "private",
      first_name: "Newcomer",
      active_usernames: ["newcomer"],
    });
    expect((await stage.call("getChat", { chat_id: stage.forum })).result).toMatchObject({
      title: "Workshop",
      type: "supergroup",
      is_forum: true,
    });
  });

  it("knows who belongs to a group, and who made it", async () => {
    const stranger = stage.sandbox.user.createUser("Stranger").id;
    const ask = (user_id: number) => stage.call("getChatMember", { chat_id: stage.forum, user_id });
    expect((await ask(stage.me)).result).toMatchObject({ status: "creator", is_anonymous: false });
    expect((await ask(stranger)).result).toMatchObject({ status: "left", user: { id: stranger } });
    expect((await ask(1)).description).toBe("Bad Request: user not found");
    const alone = { chat_id: stage.me, user_id: stage.me };
    expect((await stage.call("getChatMember", alone)).result).toMatchObject({ status: "member" });
  });

  it("keeps commands apart by scope and language", async () => {
    const scope = { type: "chat", chat_id: stage.me };
    await stage.call("setMyCommands", { commands: list("/Start") });
    await stage.call("setMyCommands", { commands: list("here"), scope });
    expect((await stage.call("getMyCommands")).result).toEqual(list("start"));
    expect((await stage.call("getMyCommands", { scope })).result).toEqual(list("here"));
    await stage.call("deleteMyCommands", { scope });
    expect((await stage.call("getMyCommands", { scope })).result).toEqual([]);
    expect((await stage.call("getMyCommands", { language_code: "de" })).result).toEqual([]);
  });
});
