import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import { answerItems, renderPort } from "../../../shared/outbound/forms/answer-items.ts";
import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import { LiveText } from "../../../shared/outbound/live/live-text.ts";
import { isStorable } from "../../../shared/outbound/queue/stored-file.ts";
import { refusal } from "../stage/fake-telegram.ts";
import { openStage, removeFolders, type Stage } from "../stage/stage.ts";

afterEach(removeFolders);

const place = { chatId: -5, topicId: 7 };
const table = "| a | b |\n|---|---|\n| 1 | 2 |";
const long = (characters: number): string =>
  "A sentence of some words. ".repeat(Math.ceil(characters / 26));

/** What arrived, in order, without what belongs to the address. */
const arrived = (stage: Stage): string[] =>
  stage.telegram.calls
    .filter(({ method }) => method !== "sendChatAction")
    .map(({ method, params: { text, caption, message_id: id } }) => {
      const shown = text ?? caption;
      const said = typeof shown === "string" ? shown.slice(0, 20) : undefined;
      return [method, ...(typeof id === "number" ? [String(id)] : []), said ?? ""].join(" ").trim();
    });

function live(stage: Stage, rich: boolean, ending: "send" | "edit"): LiveText {
  const { outbox, clock, log } = stage;
  const drafts = new DraftSupport();
  const render = renderPort({ rich });
  return new LiveText(
    { outbox, render, drafts, clock, random: () => 0.5, log },
    { place: { chatId: -5 }, key: "s/1", ending },
  );
}

describe("an answer as items for the outbox", () => {
  it("is one rich message where that suits it, with classic text for a refusal", () => {
    const items = answerItems(table, { rich: true }, place, { answerId: "s/1", finalFor: "k" });
    expect(items).toMatchObject([
      {
        kind: "answer",
        answerId: "s/1/0",
        finalFor: "k",
        method: "sendRichMessage",
        params: { chat_id: -5, message_thread_id: 7, rich_message: { blocks: [{}] } },
        instead: [
          { method: "sendMessage", params: { chat_id: -5, message_thread_id: 7, entities: [{}] } },
        ],
      },
    ]);
    expect(items).toHaveLength(1);
  });

  it.each([
    [0, ["editMessageText", "sendMessage", "sendMessage"]],
    [1, ["editMessageText", "sendMessage"]],
    [2, ["editMessageText"]],
    [9, ["editMessageText"]],
  ])(
    "goes on behind %i messages that stand, in the place of one that grew; the last is always said",
    (sealed, methods) => {
      const whole = answerItems(long(9_000), { rich: false }, place);
      const items = answerItems(long(9_000), { rich: false }, place, {
        grown: { growing: { place, id: 5 }, sealed },
      });
      expect(items.map(({ method }) => method)).toEqual(methods);
      const texts = whole.map(({ params }) => params["text"]).slice(-methods.length);
      expect(items.map(({ params }) => params["text"])).toEqual(texts);
    },
  );

  it.each([
    ["rich", table, true],
    ["classic", "see **this**", false],
    ["classic in parts", long(9_000), false],
    ["a document", long(60_000), false],
  ])("has its keyboard under the last message, %s or simpler", (_, markdown, rich) => {
    const replyMarkup = { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] };
    const items = answerItems(markdown, { rich }, place, { replyMarkup });
    const forms = [items, ...items.flatMap(({ instead }) => (instead ? [instead] : []))];
    for (const calls of forms) {
      const keyboards = calls.map(({ params }) => params["reply_markup"]);
      expect(keyboards.pop()).toEqual(replyMarkup);
      expect(keyboards.filter(Boolean)).toEqual([]);
    }
  });

  it("is classic text with its plain twin, or alone where it has no markup", () => {
    expect(answerItems("see **[x](https://x.org/)**", { rich: false }, { chatId: 5 })).toEqual([
      {
        kind: "answer",
        method: "sendMessage",
        params: { chat_id: 5, text: "see x", entities: expect.any(Array) },
        instead: [
          { method: "sendMessage", params: { chat_id: 5, text: "see x (https://x.org/)" } },
        ],
      },
    ]);
    expect(answerItems("Done.", { rich: true }, { chatId: 5 })).toEqual([
      { kind: "answer", method: "sendMessage", params: { chat_id: 5, text: "Done." } },
    ]);
    expect(answerItems(" \n", { rich: true }, place)).toEqual([]);
  });

  it("has numbered ids, and room for each of the outbox's marks in every part", () => {
    const items = answerItems(long(20_000), { rich: false }, place, { answerId: "s/1" });
    expect(items.map(({ answerId }) => answerId)).toEqual(items.map((_, at) => `s/1/${at}`));
    expect(items.length).toBeGreaterThan(4);
    for (const { params } of items) {
      const { length } = params["text"] as string;
      for (const mark of Object.values(marks)) expect(length + 2 + mark.length).toBeLessThan(4_097);
    }
  });

  it("is a file with a preview as its caption when the messages would be too many", async () => {
    const markdown = `# Title\n\n${long(45_000)}`;
    const items = answerItems(markdown, { rich: false, fileName: "turn.md" }, place);
    expect(items).toMatchObject([
      {
        method: "sendDocument",
        params: {
          chat_id: -5,
          document: { storedFile: { name: "turn.md", contentType: "text/markdown" } },
          caption: expect.stringMatching(/^Title\nA sentence.*…$/s),
          caption_entities: [{ type: "bold", offset: 0, length: 5 }],
        },
      },
    ]);
    const [item] = items;
    if (item === undefined) throw new Error("no item");
    const file = item.params["document"] as { storedFile: { base64: string } };
    expect(Buffer.from(file.storedFile.base64, "base64").toString()).toBe(markdown);
    expect((item.params["caption"] as string).length).toBeLessThan(1_024 - 60);
    expect(isStorable(item.params)).toBe(true);
  });

  it("falls back from rich to classic to plain, with the whole text", async () => {
    const stage = await openStage();
    stage.telegram.always(({ method, params }) => {
      if (method === "sendRichMessage") return refusal("Not Found: method not found", 404);
      return params["entities"] === undefined
        ? undefined
        : refusal("Bad Request: can't parse entities");
    });
    const markdown = `${table}\n\n${long(6_000)}**END**`;
    const receipts = answerItems(markdown, { rich: true }, place).map((item) =>
      stage.outbox.enqueue(item),
    );
    await stage.clock.advance(60_000);
    expect(await receipts[0]?.outcome).toMatchObject({ state: "sent", messageIds: [101, 102] });
    const texts = stage.telegram.calls
      .filter(({ method, params }) => method === "sendMessage" && params["entities"] === undefined)
      .map(({ params }) => params["text"] as string);
    expect(texts.join(" ").match(/A sentence/g)).toHaveLength(231);
    expect(texts.at(-1)).toContain("END");
    await stage.end();
  });
});

describe("a text that grows in the forms of an answer", () => {
  it.each(["send", "edit"] as const)(
    "ends in classic text where rich is refused (%s)",
    async (ending) => {
      const stage = await openStage();
      stage.telegram.always(({ params }) =>
        params["rich_message"] === undefined ? undefined : refusal("Bad Request: RICH_MESSAGE_X"),
      );
      const text = live(stage, true, ending);
      text.update("The table:");
      await stage.clock.advance(5_000);
      const finished = text.finish(`The table:\n\n${table}`);
      await stage.clock.advance(30_000);
      expect(await finished?.outcomes).toMatchObject([{ state: "sent" }]);
      expect(arrived(stage)).toEqual(
        ending === "send"
          ? [
              "sendMessage The table:",
              "sendRichMessage",
              "sendMessage The table:\n\na | b\n--",
              "deleteMessage 101",
            ]
          : [
              "sendMessage The table:",
              "editMessageText 101",
              "editMessageText 101 The table:\n\na | b\n--",
            ],
      );
      await stage.end();
    },
  );

  it("becomes a file when it has grown too long, and what was sealed goes", async () => {
    const stage = await openStage();
    const text = live(stage, false, "edit");
    text.update(long(9_000));
    await stage.clock.advance(60_000);
    const finished = text.finish(long(45_000));
    await stage.clock.advance(60_000);
    expect(await finished?.outcomes).toMatchObject([{ state: "sent" }]);
    const calls = arrived(stage);
    expect(calls.slice(0, 3)).toEqual(Array(3).fill(expect.stringMatching(/^sendMessage/)));
    expect(calls[3]).toMatch(/^sendDocument A sentence/);
    expect(calls.slice(4).toSorted()).toEqual([
      "deleteMessage 101",
      "deleteMessage 102",
      "deleteMessage 103",
    ]);
    await stage.end();
  });
});
