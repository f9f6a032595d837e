import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";

const { richWords } = await pageModule<{
  richWords: (message: { blocks: readonly object[] }) => string;
}>("model/rich.js");

describe("the words of a rich message", () => {
  it.each([
    [[{ type: "paragraph", text: ["a ", { type: "bold", text: "b" }] }], "a b"],
    [[{ type: "heading", text: "T", size: 1 }, { type: "divider" }], "T"],
    [
      [{ type: "list", items: [{ label: "1.", blocks: [{ type: "paragraph", text: "x" }] }] }],
      "1. x",
    ],
    [[{ type: "table", cells: [[{ text: "a" }, {}], [{ text: "b" }]] }], "a b"],
    [
      [
        {
          type: "details",
          summary: "S",
          blocks: [{ type: "mathematical_expression", expression: "e" }],
        },
      ],
      "S e",
    ],
    [[{ type: "paragraph", text: { type: "custom_emoji", alternative_text: "👍" } }], "👍"],
  ])("of %j are %s", (blocks, words) => {
    expect(richWords({ blocks })).toBe(words);
  });
});
