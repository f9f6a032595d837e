import { expect, it } from "vitest";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";

it.each([
  "Ann *the* _best_ [link](https://x.example) `code` ~~gone~~ <b>bold</b> &amp;",
  "# 1. a | b ==x== $y$ ||z|| \\",
])("shows a name as it is: %s", (name) => {
  const document = readMarkdown(`**${markdownText(name)}**`);
  expect(JSON.stringify(document)).toContain(JSON.stringify(name).slice(1, -1));
});
