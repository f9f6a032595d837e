import { describe, expect, it } from "vitest";
import { linkTarget } from "../../../shared/outbound/render/markdown/link-target.ts";
import { classic, named } from "./shown.ts";

describe("a link", () => {
  it.each([
    [
      "is an entity",
      "[docs](https://example.com/a)",
      "docs",
      ["text_link:https://example.com/a(docs)"],
    ],
    [
      "with styles in its label",
      "[**b** c](https://x.org/)",
      "b c",
      ["text_link:https://x.org/(b c)", "bold(b)"],
    ],
    [
      "with code in its label: Telegram keeps one of the two",
      "[`f()`](https://x.org/)",
      "f()",
      ["text_link:https://x.org/(f())"],
    ],
    [
      "in bold",
      "**see [x](https://x.org/)**",
      "see x",
      ["bold(see x)", "text_link:https://x.org/(x)"],
    ],
    [
      "that is its own label needs no entity",
      "<https://x.org/a_b> https://x.org/_c_",
      "https://x.org/a_b https://x.org/_c_",
      [],
    ],
    ["to a file is readable", "[a.ts:10](src/a.ts#L10)", "a.ts:10 (src/a.ts#L10)", []],
    ["to a file that the label names", "[src/a.ts](src/a.ts)", "src/a.ts", []],
    [
      "to this machine is readable",
      "[app](http://localhost:3000)",
      "app (http://localhost:3000)",
      [],
    ],
    ["with a dangerous scheme is text", "[x](javascript:alert(1))", "x (javascript:alert(1))", []],
    ["by mail", "[mail](mailto:a@b.org)", "mail (a@b.org)", []],
    ["without a target", "[x]()", "x", []],
    [
      "without a label",
      "[](https://x.org/)",
      "https://x.org/",
      ["text_link:https://x.org/(https://x.org/)"],
    ],
    [
      "by reference",
      "see [x][1]\n\n[1]: https://x.org/ 'title'",
      "see x",
      ["text_link:https://x.org/(x)"],
    ],
    [
      "whose definition nobody uses",
      "text\n\n[1]: https://x.org/ 'title'",
      "text\n\n[1]: https://x.org/ 'title'",
      [],
    ],
    [
      "from an image",
      "![plot](https://x.org/p.png)",
      "plot",
      ["text_link:https://x.org/p.png(plot)"],
    ],
    [
      "around an image",
      "[![ci](https://i.org/a.svg)](https://x.org/)",
      "ci (https://i.org/a.svg)",
      ["text_link:https://x.org/(ci (https://i.org/a.svg))"],
    ],
  ])("%s", (_name, markdown, text, entities) => {
    const result = classic(markdown);
    expect(result.text).toBe(text);
    expect(named(result)).toEqual(entities);
  });
});

describe("a target that Telegram takes", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTP://Example.com/ä", "http://example.com/%C3%A4"],
    ["http://127.0.0.1:80/x", "http://127.0.0.1/x"],
    ["http://[::1]/", "http://[::1]/"],
    ["tg://user?id=1", "tg://user?id=1"],
  ])("%s", (target, href) => expect(linkTarget(target)).toBe(href));

  it.each([
    "",
    "a",
    "/etc/hosts",
    "#top",
    "http://",
    "http://localhost",
    "https://a.",
    "ftp://a.b",
    "file:///a.b",
    "data:text/html,a.b",
    "tel:+1",
    `https://a.b/${"x".repeat(3_000)}`,
  ])("is not %s", (target) => expect(linkTarget(target)).toBeUndefined());
});
