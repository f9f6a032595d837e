import { describe, expect, it } from "vitest";
import { parseMarkdown, parseMarkdownV2 } from "../../../supervisor/sandbox/text/markdown.ts";

type Parse = typeof parseMarkdown;

function read(parse: Parse, source: string): string[] {
  const { text, entities } = parse(source);
  return [
    text,
    ...entities.map(
      ({ type, offset, length, url, language }) =>
        `${type}${url ?? language ?? ""}[${text.slice(offset, offset + length)}]`,
    ),
  ];
}

describe("MarkdownV2", () => {
  it.each([
    ["bold", "*a* b", ["a b", "bold[a]"]],
    ["italic in bold", "*a _b_*", ["a b", "bold[a b]", "italic[b]"]],
    ["underline", "__a__", ["a", "underline[a]"]],
    ["strikethrough and spoiler", "~a~ ||b||", ["a b", "strikethrough[a]", "spoiler[b]"]],
    ["code", "`a*b`", ["a*b", "code[a*b]"]],
    ["code with an escaped backtick", "`a\\`b`", ["a`b", "code[a`b]"]],
    ["pre with a language", "```ts\nlet a\n```", ["let a\n", "prets[let a\n]"]],
    ["a link", "[a b](https://x.org/\\))", ["a b", "text_linkhttps://x.org/)[a b]"]],
    ["escapes", "1\\. a\\-b\\!", ["1. a-b!"]],
    ["a quote", ">a\n>b\nc", ["a\nb\nc", "blockquote[a\nb\n]"]],
  ])("%s", (_, source, expected) => {
    expect(read(parseMarkdownV2, source)).toEqual(expected);
  });

  it.each([
    ["a.", "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ["a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"],
    ["*a", "Can't find end of Bold entity at byte offset 0"],
    ["é_a", "Can't find end of Italic entity at byte offset 2"],
    ["`a", "Can't find end of Code entity at byte offset 0"],
    ["```a", "Can't find end of Pre entity at byte offset 0"],
    ["[a](b", "Can't find end of a URL at byte offset 3"],
  ])("refuses %s", (source, problem) => {
    expect(() => parseMarkdownV2(source)).toThrow(problem);
  });
});

describe("the old Markdown", () => {
  it.each([
    ["bold and italic", "*a* _b_", ["a b", "bold[a]", "italic[b]"]],
    ["code and pre", "`a` ```ts\nb```", ["a b", "code[a]", "prets[b]"]],
    ["a link", "[a](https://x.org)", ["a", "text_linkhttps://x.org[a]"]],
    ["escapes, and dots are free", "a\\_b.", ["a_b."]],
  ])("%s", (_, source, expected) => {
    expect(read(parseMarkdown, source)).toEqual(expected);
  });

  it("refuses what has no end", () => {
    expect(() => parseMarkdown("ab *c")).toThrow(
      "Can't find end of the entity starting at byte offset 3",
    );
  });
});
