import { afterEach, describe, expect, it } from "vitest";
import { splitCall } from "../../../shared/outbound/forms/split-call.ts";
import { routeThroughOutbox } from "../../../shared/outbound/library/outbox-api.ts";
import type { TelegramCall } from "../../../shared/outbound/queue/item.ts";
import { isStoredFile } from "../../../shared/outbound/queue/stored-file.ts";
import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";
import { Bot } from "../../../shared/telegram/bot-api.ts";
import { refusal } from "../stage/fake-telegram.ts";
import { openStage, removeFolders } from "../stage/stage.ts";

afterEach(removeFolders);

const words = (count: number): string =>
  Array.from({ length: count }, (_, n) => `w${String(n).padStart(8, "0")}`).join(" ");
const keyboard = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };

const textsOf = (calls: readonly TelegramCall[] | undefined): string[] =>
  (calls ?? []).map(({ params }) => String(params["text"]));

describe("a message that is too long", () => {
  it("goes in parts: keyboard under the last, quoted message over the first, the rest with each", () => {
    const params = {
      chat_id: 5,
      message_thread_id: 7,
      text: words(900),
      disable_notification: true,
      reply_parameters: { message_id: 3 },
      reply_markup: keyboard,
    };
    const calls = splitCall({ method: "sendMessage", params }, {}) ?? [];
    expect(calls.map(({ method }) => method)).toEqual(Array(3).fill("sendMessage"));
    expect(textsOf(calls).join(" ")).toBe(words(900));
    for (const text of textsOf(calls)) expect(text.length).toBeLessThanOrEqual(4_096 - 44);
    const each = { chat_id: 5, message_thread_id: 7, disable_notification: true };
    for (const call of calls) expect(call.params).toMatchObject(each);
    expect(calls.map((call) => call.params["reply_markup"])).toEqual([
      undefined,
      undefined,
      keyboard,
    ]);
    expect(calls.map((call) => call.params["reply_parameters"])).toEqual([
      { message_id: 3 },
      undefined,
      undefined,
    ]);
  });

  it("keeps its entities, in whatever order they came", () => {
    const text = words(600);
    const entities: MessageEntity[] = [
      { type: "italic", offset: 5_990, length: 5 },
      { type: "bold", offset: 0, length: text.length },
    ];
    const calls = splitCall({ method: "sendMessage", params: { chat_id: 5, text, entities } }, {});
    const kinds = calls?.map(({ params }) =>
      (params["entities"] as MessageEntity[]).map(({ type }) => type),
    );
    expect(kinds).toEqual([["bold"], ["bold", "italic"]]);
  });

  it("with a parse mode is cut as it was written", () => {
    const text = `*${words(600)}*`;
    const params = { chat_id: 5, text, parse_mode: "Markdown" };
    const calls = splitCall({ method: "sendMessage", params }, {});
    expect(textsOf(calls).join(" ")).toBe(text);
    expect(calls?.map((call) => call.params["parse_mode"])).toEqual([undefined, undefined]);
  });

  it("is a file with a preview where it would be too many parts", () => {
    const params = { chat_id: 5, text: words(900), reply_markup: keyboard };
    const calls = splitCall({ method: "sendMessage", params }, { maxParts: 2 }) ?? [];
    expect(calls).toHaveLength(1);
    const { method, params: sent } = calls[0] ?? { method: "", params: {} };
    expect(method).toBe("sendDocument");
    expect(sent["reply_markup"]).toEqual(keyboard);
    const { document } = sent;
    if (!isStoredFile(document)) throw new Error("no file");
    expect(Buffer.from(document.storedFile.base64, "base64").toString()).toBe(words(900));
  });

  it.each([
    ["a text that could not be shorter", { method: "sendMessage", params: { text: "x" } }],
    ["what has no text", { method: "sendSticker", params: { sticker: "x" } }],
  ])("%s is not split", (_, call) => {
    expect(splitCall(call, {})).toBeUndefined();
  });
});

it("a caption that is too long follows what it belongs to", () => {
  const caption = words(200);
  const params = { chat_id: 5, photo: "id", caption, reply_markup: keyboard };
  expect(splitCall({ method: "sendPhoto", params }, {})).toEqual([
    { method: "sendPhoto", params: { chat_id: 5, photo: "id" } },
    { method: "sendMessage", params: { chat_id: 5, text: caption, reply_markup: keyboard } },
  ]);
});

it("the code that sent it gets one message, the last part", async () => {
  const stage = await openStage({ parts: { split: (call) => splitCall(call, {}) } });
  stage.telegram.always(({ params }) =>
    String(params["text"]).length > 4_096 ? refusal("Bad Request: message is too long") : undefined,
  );
  const bot = new Bot("42:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  routeThroughOutbox(bot, stage.outbox, 42);
  const sent = bot.api.sendMessage({ chat_id: 5, text: words(600) });
  await stage.clock.advance(10_000);
  expect((await sent).message_id).toBe(102);
  await stage.end();
});
