import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterEach(() => {
  stage.sandbox.user.features.change({ rich: true });
});

afterAll(async () => {
  await stage.close();
});

const send = (rich_message: unknown, more: object = {}) =>
  stage.call("sendRichMessage", { chat_id: stage.me, rich_message, ...more });
const paragraph = (text: unknown) => ({ type: "paragraph", text });
const nested = (depth: number): object =>
  depth === 0 ? paragraph("x") : { type: "blockquote", blocks: [nested(depth - 1)] };
const table = (columns: number, rows = 1) => ({
  type: "table",
  cells: Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ text: "x" }))),
});

const edit = (message_id: number, more: object) =>
  stage.call("editMessageText", { chat_id: stage.me, message_id, ...more });

describe("sendRichMessage", () => {
  it("gives back the blocks; lists get labels, unknown fields are dropped without a word", async () => {
    const blocks = [
      { type: "heading", text: "Title", size: 2, colour: "red" },
      paragraph([
        "a ",
        { type: "bold", text: { type: "url", text: "b", url: "https://a.example" } },
      ]),
      {
        type: "list",
        items: [
          { blocks: [paragraph("one")], value: 3, type: "1" },
          { blocks: [paragraph("two")], type: "1" },
          { blocks: [paragraph("three")], has_checkbox: true, is_checked: true },
        ],
      },
      table(2),
      { type: "details", summary: "More", blocks: [{ type: "pre", text: "x", language: "ts" }] },
      { type: "divider" },
    ];
    const { result } = await send({ blocks, is_rtl: true });
    expect(result).not.toHaveProperty("text");
    expect(result.rich_message.is_rtl).toBe(true);
    expect(result.rich_message.blocks).toMatchObject([
      { type: "heading", size: 2 },
      blocks[1],
      { items: [{ label: "3." }, { label: "4." }, { label: "•", is_checked: true }] },
      { cells: [[{ text: "x", align: "left", valign: "top" }, {}]] },
      blocks[4],
      { type: "divider" },
    ]);
    expect(result.rich_message.blocks[0]).not.toHaveProperty("colour");
  });

  it("replies, carries buttons and stands in topics like any message", async () => {
    const { message_id } = stage.sandbox.user.say(stage.dialog, { from: stage.me, text: "?" });
    const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
    const { result } = await send(
      { markdown: "# Hi" },
      { reply_parameters: { message_id }, reply_markup },
    );
    expect(result).toMatchObject({ reply_to_message: { message_id }, reply_markup });
  });

  it.each([
    ["the longest text", [paragraph("😀".repeat(32_768))]],
    ["500 blocks", Array.from({ length: 500 }, () => paragraph("x"))],
    ["16 levels", [nested(15)]],
    ["20 columns", [table(20)]],
  ])("takes %s", async (_, blocks) => {
    expect((await send({ blocks })).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ["too much text", { blocks: [paragraph("x".repeat(32_769))] }, "RICH_MESSAGE_TEXT_TOO_LONG"],
    [
      "too much text in parts",
      { blocks: [paragraph(["x".repeat(32_768), { type: "bold", text: "x" }])] },
      "RICH_MESSAGE_TEXT_TOO_LONG",
    ],
    ["too long markdown", { markdown: "x".repeat(32_769) }, "RICH_MESSAGE_TEXT_TOO_LONG"],
    [
      "501 blocks",
      { blocks: Array.from({ length: 501 }, () => paragraph("x")) },
      "RICH_MESSAGE_BLOCKS_TOO_MANY",
    ],
    ["500 rows and their table", { blocks: [table(1, 500)] }, "RICH_MESSAGE_BLOCKS_TOO_MANY"],
    ["17 levels", { blocks: [nested(16)] }, "RICH_MESSAGE_DEPTH_INVALID"],
    ["21 columns", { blocks: [table(21)] }, "RICH_MESSAGE_TABLE_COLS_TOO_MANY"],
    ["no text", { blocks: [paragraph("")] }, "RICH_MESSAGE_CONTENT_REQUIRED"],
    ["no blocks", { blocks: [] }, "RICH_MESSAGE_CONTENT_REQUIRED"],
    ["empty markdown", { markdown: " \n" }, "RICH_MESSAGE_CONTENT_REQUIRED"],
    ["nothing", undefined, "RICH_MESSAGE_CONTENT_REQUIRED"],
    [
      "a link to a file",
      { blocks: [paragraph({ type: "url", text: "a", url: "src/a.ts" })] },
      "RICH_MESSAGE_URL_INVALID",
    ],
    [
      "a link to this machine",
      { blocks: [paragraph({ type: "url", text: "a", url: "http://localhost/" })] },
      "RICH_MESSAGE_URL_INVALID",
    ],
    [
      "an unknown block",
      { blocks: [{ type: "code", text: "x" }] },
      'can\'t parse InputRichBlock: type "code" is unsupported',
    ],
    [
      "an unknown style",
      { blocks: [paragraph({ type: "big", text: "x" })] },
      'can\'t parse RichText: type "big" is unsupported',
    ],
    [
      "a heading without a size",
      { blocks: [{ type: "heading", text: "x" }] },
      "can't parse InputRichBlock: Can't find field \"size\"",
    ],
    ["a block that is text", { blocks: ["x"] }, "can't parse InputRichBlock: expected an Object"],
    ["what is no JSON", "{", "can't parse InputRichMessage JSON object"],
    [
      "thoughts",
      { blocks: [{ type: "thinking", text: "x" }] },
      'can\'t parse InputRichBlock: type "thinking" is unsupported',
    ],
  ])("refuses %s", async (_, rich, refusal) => {
    expect(await send(rich)).toMatchObject({ status: 400, description: `Bad Request: ${refusal}` });
  });

  it("refuses two contents at once", async () => {
    expect((await send({ markdown: "a", html: "a" })).description).toContain("exactly one");
  });

  it("judges the content before the chat", async () => {
    const told = await send({ blocks: [{ type: "x" }] }, { chat_id: 1 });
    expect(told.description).toContain("InputRichBlock");
  });
});

describe("editMessageText", () => {
  it("makes a text rich and a rich message text", async () => {
    const { result } = await stage.call("sendMessage", { chat_id: stage.me, text: "/old" });
    const rich = await edit(result.message_id, { rich_message: { markdown: "# New" } });
    expect(rich.result).toMatchObject({
      rich_message: { blocks: [{ type: "heading", text: "New", size: 1 }] },
    });
    expect(rich.result).not.toHaveProperty("text");
    expect(rich.result).not.toHaveProperty("entities");
    const same = await edit(result.message_id, { rich_message: { markdown: "# New" } });
    expect(same.description).toContain("message is not modified");
    const back = await edit(result.message_id, { text: "plain" });
    expect(back.result).toMatchObject({ text: "plain" });
    expect(back.result).not.toHaveProperty("rich_message");
  });
});

describe("sendRichMessageDraft", () => {
  it("shows blocks, also thoughts, in private chats only", async () => {
    const rich_message = { blocks: [{ type: "thinking", text: "Reading" }] };
    const asked = { chat_id: stage.me, draft_id: 3, rich_message };
    expect((await stage.call("sendRichMessageDraft", asked)).result).toBe(true);
    expect(stage.sandbox.user.state().drafts).toMatchObject([{ draft_id: 3, rich_message }]);
    const told = await stage.call("sendRichMessageDraft", { ...asked, chat_id: stage.group });
    expect(told.description).toBe("Bad Request: TEXTDRAFT_PEER_INVALID");
  });
});

describe("a server from before rich messages", () => {
  it("knows neither the methods nor the parameter", async () => {
    stage.sandbox.user.features.change({ rich: false });
    expect(await send({ markdown: "x" })).toMatchObject({
      status: 404,
      description: "Not Found: method not found",
    });
    const { result } = await stage.call("sendMessage", { chat_id: stage.me, text: "x" });
    const told = await stage.call("editMessageText", {
      chat_id: stage.me,
      message_id: result.message_id,
      rich_message: { markdown: "x" },
    });
    expect(told.description).toBe("Bad Request: message text is empty");
  });
});
