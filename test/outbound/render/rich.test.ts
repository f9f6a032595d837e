import { describe, expect, it } from "vitest";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";
import {
  type RichRendering,
  renderRich,
} from "../../../shared/outbound/render/rich/render-rich.ts";
import { richSize } from "../../../shared/outbound/render/rich/rich-size.ts";

const rich = (markdown: string): RichRendering => renderRich(readMarkdown(markdown));
const paragraph = (text: unknown): object => ({ type: "paragraph", text });

const table: readonly (readonly [string, string, readonly object[]])[] = [
  ["a paragraph", "one\ntwo", [paragraph(["one", "\n", "two"])]],
  [
    "styles",
    "a **b *c*** ~~d~~ `e`",
    [
      paragraph([
        "a ",
        { type: "bold", text: ["b ", { type: "italic", text: "c" }] },
        " ",
        { type: "strikethrough", text: "d" },
        " ",
        { type: "code", text: "e" },
      ]),
    ],
  ],
  ["a heading", "### T", [{ type: "heading", text: "T", size: 3 }]],
  [
    "code with its language",
    "```ts a.ts\n\tx\n```",
    [paragraph("a.ts"), { type: "pre", text: "\tx", language: "ts" }],
  ],
  ["a link", "[x](https://x.org/)", [paragraph({ type: "url", text: "x", url: "https://x.org/" })]],
  ["a link that Telegram would refuse", "[x](a.md)", [paragraph("x (a.md)")]],
  [
    "an image is a link: nothing is fetched",
    "![p](https://x.org/p.png)",
    [paragraph({ type: "url", text: "p", url: "https://x.org/p.png" })],
  ],
  ["a rule", "---", [{ type: "divider" }]],
  [
    "quotes in quotes",
    "> a\n> > b",
    [
      {
        type: "blockquote",
        blocks: [paragraph("a"), { type: "blockquote", blocks: [paragraph("b")] }],
      },
    ],
  ],
  [
    "formulas",
    "$x^2$\n\n$$\ny\n$$",
    [
      paragraph({ type: "mathematical_expression", expression: "x^2" }),
      { type: "mathematical_expression", expression: "y" },
    ],
  ],
  [
    "lists",
    "2. a\n3. b\n\n- [ ] c\n- [x] d\n-",
    [
      {
        type: "list",
        items: [
          { blocks: [paragraph("a")], value: 2, type: "1" },
          { blocks: [paragraph("b")], value: 3, type: "1" },
        ],
      },
      {
        type: "list",
        items: [
          { blocks: [paragraph("c")], has_checkbox: true },
          { blocks: [paragraph("d")], has_checkbox: true, is_checked: true },
        ],
      },
    ],
  ],
  [
    "a table",
    "| a | b |\n|---|--:|\n| 1 | |",
    [
      {
        type: "table",
        is_bordered: true,
        cells: [
          [
            { text: "a", is_header: true, align: "left", valign: "top" },
            { text: "b", is_header: true, align: "right", valign: "top" },
          ],
          [
            { text: "1", align: "left", valign: "top" },
            { align: "right", valign: "top" },
          ],
        ],
      },
    ],
  ],
  [
    "details",
    "<details open>\n<summary>**s**</summary>\n\nx\n\n</details>",
    [
      {
        type: "details",
        summary: { type: "bold", text: "s" },
        blocks: [paragraph("x")],
        is_open: true,
      },
    ],
  ],
];

const row = (cell: string): string => `|${cell.repeat(21)}`;
const item = (level: number): string =>
  `${"  ".repeat(level)}- i${level} [l](https://x.org/${level})`;

describe("Markdown as rich blocks", () => {
  it.each(table)("%s", (_name, markdown, blocks) => {
    expect(rich(markdown).message).toEqual({ blocks });
  });

  it("writes a table with too many columns as text, and leaves the rest as it is", () => {
    const { blocks } = rich(`# T\n\n${row("a|")}\n${row("-|")}\n${row("b|")}\n\n- x`).message;
    expect(blocks?.map(({ type }) => type)).toEqual(["heading", "paragraph", "list"]);
    expect(JSON.stringify(blocks?.[1]).match(/b/g)).toHaveLength(21);
  });

  it("writes what is nested too deep as text, with its link targets", () => {
    const { message } = rich(Array.from({ length: 20 }, (_, level) => item(level)).join("\n"));
    const json = JSON.stringify(message);
    for (let level = 0; level < 20; level++) expect(json).toContain(`https://x.org/${level}`);
    expect(nesting(message.blocks)).toBeLessThanOrEqual(16);
    expect(
      nesting(rich(`${"> ".repeat(30)}${"**a *b ~~c ".repeat(30)}`).message.blocks),
    ).toBeLessThanOrEqual(16);
  });

  it("tells the direction of the text", () => {
    expect(rich("123 שלום hello").message.is_rtl).toBe(true);
    expect(rich("hello שלום").message.is_rtl).toBeUndefined();
  });

  it("counts as Telegram does: nested blocks, items, rows; characters, formulas included", () => {
    expect(rich("- a\n- b\n  > c").size).toEqual({ characters: 3, blocks: 7 });
    expect(rich("| a | 👍 |\n|---|---|\n| c | $d$ |").size).toEqual({ characters: 4, blocks: 3 });
    expect(rich("[ab](https://x.org/)").size).toEqual({ characters: 2, blocks: 1 });
    expect(richSize([])).toEqual({ characters: 0, blocks: 0 });
  });
});

/** Levels of blocks (lists hold two: themselves and their items) and of formatting, as deep as they go. */
function nesting(node: unknown): number {
  if (Array.isArray(node)) return Math.max(0, ...node.map(nesting));
  if (typeof node !== "object" || node === null) return 0;
  return 1 + Math.max(0, ...Object.values(node).map(nesting));
}
