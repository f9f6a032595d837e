import { describe, expect, it } from "vitest";
import { dress, marks } from "../../../shared/outbound/delivery/dress.ts";
import { freshFacts } from "../../../shared/outbound/queue/entry.ts";

const again = { ...freshFacts, mark: "restart" } as const;

describe("what was learned about a message", () => {
  it("leaves one alone of which nothing was learned", () => {
    const params = { chat_id: 1, text: "hello" };
    expect(dress({ method: "sendMessage", params }, freshFacts)).toEqual({
      method: "sendMessage",
      params,
    });
  });

  it("marks a repeat behind its text, so that entities keep their places", () => {
    const entities = [{ type: "bold", offset: 0, length: 5 }];
    const call = { method: "sendMessage", params: { chat_id: 1, text: "hello", entities } };
    expect(dress(call, again).params).toEqual({
      chat_id: 1,
      text: `hello\n\n${marks.restart}`,
      entities,
    });
    expect(call.params.text).toBe("hello");
  });

  it.each([
    ["a caption", "sendPhoto", { caption: "sun" }, { caption: `sun\n\n${marks.restart}` }],
    [
      "MarkdownV2",
      "sendMessage",
      { text: "x", parse_mode: "MarkdownV2" },
      { text: "x\n\n\\(sent again after a restart\\)", parse_mode: "MarkdownV2" },
    ],
    [
      "rich Markdown",
      "sendRichMessage",
      { rich_message: { markdown: "# x" } },
      { rich_message: { markdown: `# x\n\n${marks.restart}` } },
    ],
    [
      "rich blocks",
      "sendRichMessage",
      { rich_message: { blocks: [{ type: "divider" }] } },
      {
        rich_message: {
          blocks: [{ type: "divider" }, { type: "paragraph", text: marks.restart }],
        },
      },
    ],
  ])("marks %s", (_, method, params, expected) => {
    expect(dress({ method, params }, again)).toEqual({ method, params: expected });
  });

  it.each([
    ["a full text", "sendMessage", { text: "x".repeat(4_090) }],
    ["a full caption", "sendPhoto", { caption: "x".repeat(1_020) }],
    ["a sticker", "sendSticker", { sticker: "id" }],
  ])("says the mark before %s, which has no room for it", (_, method, params) => {
    expect(dress({ method, params }, again)).toEqual({ method, params, noteFirst: marks.restart });
  });

  it("sends to the new id of a group", () => {
    const call = { method: "sendMessage", params: { chat_id: -5, text: "x" } };
    expect(dress(call, freshFacts, -1005).params["chat_id"]).toBe(-1005);
  });

  it("takes the topic out and says so", () => {
    const params = { chat_id: -5, message_thread_id: 8, text: "x", reply_parameters: {} };
    expect(dress({ method: "sendMessage", params }, { ...freshFacts, withoutTopic: true })).toEqual(
      {
        method: "sendMessage",
        params: { chat_id: -5, text: `x\n\n${marks.topic}` },
      },
    );
  });

  it("leaves General out, for everything but typing", () => {
    const params = { chat_id: -5, message_thread_id: 1, text: "x" };
    expect(dress({ method: "sendMessage", params }, freshFacts).params).toEqual({
      chat_id: -5,
      text: "x",
    });
    expect(dress({ method: "sendChatAction", params }, freshFacts).params).toEqual(params);
  });

  it("leaves the topic out of an edit of a message, and of nothing else", () => {
    const params = { chat_id: -5, message_thread_id: 8, message_id: 3, text: "x" };
    const { message_thread_id: _, ...others } = params;
    expect(dress({ method: "editMessageText", params }, freshFacts).params).toEqual(others);
    expect(dress({ method: "editForumTopic", params }, freshFacts).params).toEqual(params);
  });

  it("takes all formatting out", () => {
    const params = { chat_id: 1, text: "*x", parse_mode: "Markdown", entities: [] };
    expect(dress({ method: "sendMessage", params }, { ...freshFacts, plain: true }).params).toEqual(
      {
        chat_id: 1,
        text: "*x",
      },
    );
  });
});
