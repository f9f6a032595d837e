import { describe, expect, it } from "vitest";
import { blocksOfHtml, blocksOfMarkdown } from "../../../supervisor/sandbox/rich/from-markup.ts";
import { labels } from "../../../supervisor/sandbox/rich/list-labels.ts";

describe("labels of a list", () => {
  it.each([
    ["bullets", [{}, {}], ["•", "•"]],
    ["numbers that count on", [{ type: "1" }, { value: 7 }, { type: "1" }], ["1.", "7.", "8."]],
    ["letters", [{ type: "a", value: 26 }, { type: "a" }], ["z.", "aa."]],
    [
      "Roman numbers",
      [
        { type: "I", value: 1994 },
        { type: "i", value: 4 },
      ],
      ["MCMXCIV.", "iv."],
    ],
    ["numbers that no letter can show", [{ type: "a", value: 0 }], ["0."]],
  ])("are %s", (_, items, expected) => {
    expect(labels(items)).toEqual(expected);
  });
});

describe("markdown", () => {
  it("becomes headings, code, rules and paragraphs as they are written", () => {
    const source = "# A #\ntext **b**\nmore\n\n```ts\nlet a;\n# no\n```\n---\n~~~\nopen";
    expect(blocksOfMarkdown(source)).toEqual([
      { type: "heading", text: "A", size: 1 },
      { type: "paragraph", text: "text **b**\nmore" },
      { type: "pre", text: "let a;\n# no", language: "ts" },
      { type: "divider" },
      { type: "pre", text: "open" },
    ]);
  });
});

describe("html", () => {
  it("becomes paragraphs of its text", () => {
    expect(blocksOfHtml("<h1>A</h1><p>b <b>c</b><br>d &lt;e&gt;</p>")).toEqual([
      { type: "paragraph", text: "A" },
      { type: "paragraph", text: "b c\nd <e>" },
    ]);
  });
});
