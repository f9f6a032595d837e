import { describe, expect, it } from "vitest";
import { parseHtml } from "../../../supervisor/sandbox/text/html.ts";

/** `type[text]` for every entity, in order. */
function read(source: string): string[] {
  const { text, entities } = parseHtml(source);
  return [
    text,
    ...entities.map(
      ({ type, offset, length, url, language }) =>
        `${type}${url ?? language ?? ""}[${text.slice(offset, offset + length)}]`,
    ),
  ];
}

describe("HTML", () => {
  it.each([
    ["plain text", "a b", ["a b"]],
    ["bold and strong", "<b>a</b> <strong>b</strong>", ["a b", "bold[a]", "bold[b]"]],
    ["nesting", "<b>a<i>b</i></b>c", ["abc", "bold[ab]", "italic[b]"]],
    ["letters of any size", "<B>a</b>", ["a", "bold[a]"]],
    ["an empty tag", "x<b></b>", ["x"]],
    [
      "a link",
      '<a href="https://x.org/?a=1&amp;b=2">y</a>',
      ["y", "text_linkhttps://x.org/?a=1&b=2[y]"],
    ],
    ["a spoiler", '<span class="tg-spoiler">s</span>', ["s", "spoiler[s]"]],
    [
      "code with a language",
      '<pre><code class="language-ts">let a;</code></pre>',
      ["let a;", "prets[let a;]"],
    ],
    ["pre alone", "<pre>a</pre>", ["a", "pre[a]"]],
    [
      "a quote that folds",
      "<blockquote expandable>q</blockquote>",
      ["q", "expandable_blockquote[q]"],
    ],
    ["named characters", "&lt;&amp;&gt;&quot;", ['<&>"']],
    ["numbered characters", "&#65;&#x42;", ["AB"]],
    ["unknown ones and a lone &", "&nbsp; a & b", ["&nbsp; a & b"]],
    ["UTF-16 offsets behind an emoji", "😀<b>x</b>", ["😀x", "bold[x]"]],
  ])("%s", (_, source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it.each([
    ["<x>a</x>", 'Unsupported start tag "x" at byte offset 0'],
    ["é<x>", 'Unsupported start tag "x" at byte offset 2'],
    ["<b>a", `Can't find end tag corresponding to start tag "b"`],
    ["a</b>", "Unexpected end tag at byte offset 1"],
    ["<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ["a <b", "Unclosed start tag at byte offset 2"],
    ["<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])("refuses %s", (source, problem) => {
    expect(() => parseHtml(source)).toThrow(problem);
  });
});
