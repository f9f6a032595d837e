import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../shared/outbound/render/classic/display-width.ts";
import { classic, named } from "./shown.ts";

describe("a table", () => {
  it("is aligned monospace text", () => {
    const result = classic(
      "| file | lines | ok |\n|---|--:|:-:|\n| a.ts | 10 | y |\n| **b** | 200 | no |",
    );
    const text = [
      "file | lines | ok",
      "-----+-------+---",
      "a.ts |    10 | y",
      "b    |   200 | no",
    ].join("\n");
    expect(result.text).toBe(text);
    expect(named(result)).toEqual([`pre(${text})`]);
  });

  it("is aligned by what a character takes on the screen", () => {
    expect(
      classic("| a | b |\n|---|---|\n| 日本 | 1 |\n| 👨‍👩‍👧 | 2 |\n| e\u0301 | 3 |").text,
    ).toBe(["a    | b", "-----+--", "日本 | 1", "👨‍👩‍👧   | 2", "e\u0301    | 3"].join("\n"));
  });

  it("that is too wide becomes one group of lines for each row", () => {
    const wide = "a description that is much too long for the screen of a phone";
    const result = classic(`| name | what |\n|---|---|\n| x | ${wide} |\n| y | |`);
    expect(result.text).toBe(`name: x\n• what: ${wide}\n\nname: y\n• what: —`);
    expect(named(result)).toEqual(["bold(x)", "bold(y)"]);
  });

  it("with links keeps them, in lines", () => {
    const result = classic("| n | l |\n|---|---|\n| 1 | [x](https://x.org/) |");
    expect(result.text).toBe("n: 1\n• l: x");
    expect(named(result)).toEqual(["bold(1)", "text_link:https://x.org/(x)"]);
  });

  it("keeps cells beyond its header, which GitHub drops", () => {
    expect(classic("| a | b |\n|---|---|\n| 1 | 2 | 3 | `4\\|5` |").text).toContain(
      "1 | 2 | 3 | 4|5",
    );
    expect(classic("> a | b\n> -|-\n> 1 | 2 | 3").text).toContain("1 | 2 | 3");
  });

  it("without rows shows its header", () => {
    expect(classic("| a | b |\n|---|---|").text).toBe("a | b\n--+--");
    expect(classic(`| a | ${"long ".repeat(12)}|\n|---|---|`).text).toContain("a\n• long");
  });
});

describe("the width of a text", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["한글", 4],
    ["é", 1],
    ["e\u0301", 1],
    ["👍🏽", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["\u200b", 0],
    ["שלום", 4],
    ["", 0],
  ])("%s", (text, width) => expect(displayWidth(text)).toBe(width));
});
