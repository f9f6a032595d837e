import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callBotApi, openStage, type Stage } from "../stage.ts";

let stage: Stage;
let messageId: number;

beforeEach(async () => {
  stage = await openStage();
  const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
  const told = await stage.call("sendMessage", { chat_id: stage.me, text: "?", reply_markup });
  messageId = told.result.message_id;
});

afterEach(async () => {
  await stage.close();
});

const press = (): string => stage.sandbox.user.press(stage.dialog, stage.me, messageId, "go");
const answer = (callback_query_id: string, more: object = {}) =>
  stage.call("answerCallbackQuery", { callback_query_id, ...more });
const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";

describe("a button press", () => {
  it("comes as a callback query with its message", async () => {
    const id = press();
    const { result } = await stage.call("getUpdates");
    expect(result[0].callback_query).toMatchObject({
      id,
      data: "go",
      from: { id: stage.me },
      message: { message_id: messageId, text: "?" },
      chat_instance: expect.stringMatching(/^\d+$/),
    });
  });

  it("is answered once", async () => {
    const id = press();
    expect((await answer(id)).result).toBe(true);
    expect((await answer(id)).description).toBe(tooOld);
  });

  it.each([
    [150, true],
    [151, undefined],
  ])("can be answered after %i s: %s", async (seconds, result) => {
    const id = press();
    await stage.clock.advance(seconds * 1000);
    expect((await answer(id)).result).toBe(result);
  });

  it("is lost for a bot that was away for longer than 150 s", async () => {
    press();
    await stage.clock.advance(150_001);
    expect((await stage.call("getUpdates")).result).toEqual([]);
  });

  it("belongs to the bot that sent the message", async () => {
    const { token } = stage.sandbox.user.ensureBot("other");
    const told = await callBotApi(stage.sandbox.url, token, "answerCallbackQuery", {
      callback_query_id: press(),
    });
    expect(told.description).toBe(tooOld);
  });

  it("needs a button that is there", () => {
    expect(() => stage.sandbox.user.press(stage.dialog, stage.me, messageId, "other")).toThrow(
      "no button",
    );
    expect(() => stage.sandbox.user.press(stage.dialog, stage.me, 999, "go")).toThrow("no message");
  });
});

describe("blocking", () => {
  it("is told to the bot as my_chat_member, and so is the way back", async () => {
    stage.sandbox.user.block(stage.me, stage.bot.id, true);
    expect(() => stage.say("hello")).toThrow("blocked");
    stage.sandbox.user.block(stage.me, stage.bot.id, true);
    stage.sandbox.user.block(stage.me, stage.bot.id, false);
    stage.say("back");
    const { result } = await stage.call("getUpdates");
    const told = result.map(
      (update: { my_chat_member?: { new_chat_member: { status: string } } }) =>
        update.my_chat_member?.new_chat_member.status,
    );
    expect(told).toEqual(["kicked", "member", undefined]);
  });
});
