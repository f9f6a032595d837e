import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";

interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}
type Segment =
  | { readonly text: string }
  | { readonly entity: Entity; readonly children: Segment[] };

const { segments, safeAddress } = await pageModule<{
  segments: (text: string, entities?: readonly Entity[]) => Segment[];
  safeAddress: (address: string | undefined) => string | undefined;
}>("model/entities.js");

/** `<bold>a<italic>b</italic></bold>`: easier to read than a tree. */
function drawn(found: readonly Segment[]): string {
  return found
    .map((segment) =>
      "text" in segment
        ? segment.text
        : `<${segment.entity.type}>${drawn(segment.children)}</${segment.entity.type}>`,
    )
    .join("");
}

const entity = (type: string, offset: number, length: number): Entity => ({ type, offset, length });

describe("the text of a message", () => {
  it.each([
    ["plain text", "hello", [], "hello"],
    ["nothing", "", [], ""],
    ["a word in bold", "a word here", [entity("bold", 2, 4)], "a <bold>word</bold> here"],
    [
      "one inside another",
      "abcd",
      [entity("italic", 1, 2), entity("bold", 0, 4)],
      "<bold>a<italic>bc</italic>d</bold>",
    ],
    [
      "two of the same place",
      "ab",
      [entity("bold", 0, 2), entity("italic", 0, 2)],
      "<bold><italic>ab</italic></bold>",
    ],
    [
      "side by side",
      "abcd",
      [entity("bold", 0, 2), entity("code", 2, 2)],
      "<bold>ab</bold><code>cd</code>",
    ],
    ["offsets in UTF-16 units", "👍 ok", [entity("bold", 3, 2)], "👍 <bold>ok</bold>"],
    ["longer than the text", "ab", [entity("bold", 1, 50)], "a<bold>b</bold>"],
    ["beyond the text", "ab", [entity("bold", 7, 2)], "ab"],
    [
      "crossing another",
      "abcd",
      [entity("bold", 0, 3), entity("italic", 2, 2)],
      "<bold>ab<italic>c</italic></bold>d",
    ],
    ["a block and the line break after it", "a\nb\nc", [entity("pre", 2, 1)], "a\n<pre>b</pre>c"],
  ])("is shown with %s", (_name, text, entities, expected) => {
    expect(drawn(segments(text, entities))).toBe(expected);
  });
});

describe("an address in a link", () => {
  it.each([
    ["https://example.org/a", "https://example.org/a"],
    ["example.org", "https://example.org"],
    ["tg://user?id=1", "tg://user?id=1"],
    ["mailto:a@example.org", "mailto:a@example.org"],
    ["javascript:alert(1)", undefined],
    ["JaVaScRiPt:alert(1)", undefined],
    ["data:text/html,x", undefined],
    ["file:///etc/passwd", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s becomes %s", (address, expected) => {
    expect(safeAddress(address)).toBe(expected);
  });
});
