import { describe, expect, it } from "vitest";
import { classic, named } from "./shown.ts";

const lines = (...text: readonly string[]): string => text.join("\n");

/** Typical output of agents: name, Markdown, text, entities. */
const table: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["plain text stays as it is", "Done. 3 files changed.", "Done. 3 files changed.", []],
  [
    "styles, also inside each other",
    "**bold *both* bold** ~~gone~~ __strong__",
    "bold both bold gone strong",
    ["bold(bold both bold)", "italic(both)", "strikethrough(gone)", "bold(strong)"],
  ],
  ["line breaks are kept", "one\ntwo  \nthree", "one\ntwo\nthree", []],
  [
    "a heading is bold and stays with what follows",
    "# Title\n\ntext\n\n## Next\n\nmore",
    "Title\ntext\n\nNext\nmore",
    ["bold(Title)", "bold(Next)"],
  ],
  [
    "code in bold interrupts it: Telegram nests nothing with code",
    "## The `run` function",
    "The run function",
    ["bold(The)", "code(run)", "bold(function)"],
  ],
  [
    "a fenced block with its language",
    "```ts\nconst a = 1;\n  b();\n```",
    "const a = 1;\n  b();",
    ["pre:ts(const a = 1;\n  b();)"],
  ],
  [
    "a file name after the language is shown",
    "```ts src/a.ts\nlet a\n```",
    "src/a.ts\nlet a",
    ["pre:ts(let a)"],
  ],
  [
    "indentation at the start of code is kept, tabs become spaces",
    "```\n    a\n\tb\n```",
    "    a\n    b",
    ["pre(    a\n    b)"],
  ],
  [
    "an unfinished fence of a growing text",
    "text\n```py\nprint(1)",
    "text\n\nprint(1)",
    ["pre:py(print(1))"],
  ],
  ["a fence that has only begun", "text\n```py", "text\n\npy", []],
  [
    "Markdown in code is not read",
    "`**a**` and\n```\n# b\n```",
    "**a** and\n\n# b",
    ["code(**a**)", "pre(# b)"],
  ],
  ["bullets", "- one\n- two\n* three", "• one\n• two\n\n• three", []],
  [
    "nested lists",
    "- a\n  - b\n    - c\n  - d\n1. e\n   - f",
    lines("• a", "    ◦ b", "        ▪ c", "    ◦ d", "", "1. e", "    ◦ f"),
    [],
  ],
  [
    "numbers count on, and jump ahead where the author did",
    "3. a\n3. b\n9. c",
    "3. a\n4. b\n9. c",
    [],
  ],
  ["loose items keep their distance", "- a\n\n- b", "• a\n\n• b", []],
  [
    "paragraphs and code in an item",
    "1. step\n\n   more\n   ```sh\n   ls\n   ```\n2. next",
    lines("1. step", "", "    more", "", "ls", "", "2. next"),
    ["pre:sh(ls)"],
  ],
  ["code alone in an item begins a line", "- ```\n  x\n  ```\n- y", "• \nx\n• y", ["pre(x)"]],
  ["empty items", "-\n- b\n-", "• \n• b\n• ", []],
  [
    "tasks",
    "- [ ] open\n- [x] **done**\n1. [X] third",
    "☐ open\n☑ done\n\n1. ☑ third",
    ["bold(done)"],
  ],
  [
    "a quote",
    "> said\n> **so**\n\nafter",
    "said\nso\n\nafter",
    ["blockquote(said\nso)", "bold(so)"],
  ],
  [
    "a quote in a quote is marked, Telegram does not nest them",
    "> a\n> > b\n> > c\n>\n> d",
    "a\n> b\n> c\nd",
    ["blockquote(a\n> b\n> c\nd)"],
  ],
  [
    "a long quote is folded",
    `> ${"line\n> ".repeat(9)}end`,
    `${"line\n".repeat(9)}end`,
    [`expandable_blockquote(${"line\n".repeat(9)}end)`],
  ],
  [
    "a list and code in a quote",
    "> - a\n>   - b\n>\n> ```js\n> c\n> ```",
    "• a\n    ◦ b\nc",
    ["blockquote(• a\n    ◦ b\nc)", "pre:js(c)"],
  ],
  ["a quote in a list begins a line", "- a\n  > q", "• a\nq", ["blockquote(q)"]],
  ["a rule", "a\n\n---\n\nb", "a\n\n———\n\nb", []],
  ["HTML is readable", "<b>x</b> <!-- c --> a<br>b &amp; &lt;", "<b>x</b> <!-- c --> a\nb & <", []],
  [
    "blocks of HTML keep the Markdown in them",
    "<div>\n**x**\n</div>",
    "<div>\nx\n</div>",
    ["bold(x)"],
  ],
  [
    "details: the summary is bold",
    "<details>\n<summary>More *of* it</summary>\n\n- a\n\n</details>\n\nend",
    "More of it\n• a\n\nend",
    ["bold(More of it)", "italic(of)"],
  ],
  [
    "details that never close are text",
    "<details><summary>x</summary>\n\ntext",
    "<details><summary>x</summary>\n\ntext",
    [],
  ],
  [
    "formulas stay as written",
    "$a_1*b_2*c$ and \\(x_1\\)\n\n$$\n\\sum_i x_i\n$$",
    "$a_1*b_2*c$ and \\(x_1\\)\n\n$$\n\\sum_i x_i\n$$",
    [],
  ],
  [
    "prices are no formulas",
    "$5 *and* $10, US$1 to US$2",
    "$5 and $10, US$1 to US$2",
    ["italic(and)"],
  ],
  [
    "footnotes stay readable",
    "Fact[^1].\n\n[^1]: source of it",
    "Fact[^1].\n\n[^1]: source of it",
    [],
  ],
  [
    "escapes and names with underscores",
    "\\*not\\* snake_case_name a*b",
    "*not* snake_case_name a*b",
    [],
  ],
  ["broken markup is text", "**a [b](c *d `e", "**a [b](c *d `e", []],
  ["nothing", "  \n\n", "", []],
  [
    "white space at the ends of a style is outside",
    "a **b** <br>**`c` d**",
    "a b \nc d",
    ["bold(b)", "code(c)", "bold(d)"],
  ],
];

describe("Markdown as text and entities", () => {
  it.each(table)("%s", (_name, markdown, text, entities) => {
    const result = classic(markdown);
    expect(result.text).toBe(text);
    expect(named(result)).toEqual(entities);
  });

  it("counts offsets in UTF-16 code units", () => {
    expect(classic("👨‍👩‍👧 **é𝒳**").entities).toEqual([{ type: "bold", offset: 9, length: 3 }]);
  });

  it("replaces half characters, which JSON for Telegram cannot carry", () => {
    expect(classic("a\ud83d b\udc00").text).toBe("a\ufffd b\ufffd");
  });

  it("keeps what is nested deeper than any screen", () => {
    expect(classic(`${">".repeat(300)}deep`).text).toContain("deep");
    const list = Array.from(
      { length: 120 },
      (_, level) => `${" ".repeat(level * 2)}- item${level}`,
    );
    expect(classic(list.join("\n")).text).toContain("item119");
    expect(classic("**_".repeat(2_000) + "end").text).toContain("end");
  });
});
