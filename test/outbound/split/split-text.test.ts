import { describe, expect, it } from "vitest";
import type { FormattedText } from "../../../shared/outbound/render/formatted-text.ts";
import { telegramLimits } from "../../../shared/outbound/split/limits.ts";
import { parts } from "../../../shared/outbound/split/split-text.ts";
import { classic, named } from "../render/shown.ts";

const plain = (text: string): FormattedText => ({ text, entities: [] });
const limits = { ...telegramLimits, maxLength: 100 };
const cut = (text: string, maxLength = 100): string[] =>
  [...parts(plain(text), { ...telegramLimits, maxLength })].map((part) => part.text);

const words = (count: number, word = "word"): string =>
  Array.from({ length: count }, () => word).join(" ");

describe("a text that is cut", () => {
  it("stays whole where it fits, to the last character", () => {
    expect(cut("a".repeat(100))).toEqual(["a".repeat(100)]);
    expect(cut("a".repeat(101))).toEqual(["a".repeat(100), "a"]);
    expect(cut("x".repeat(4_097), 4_096).map((part) => part.length)).toEqual([4_096, 1]);
  });

  it("ends after a paragraph rather than a line, a line rather than a word, a word rather than a letter", () => {
    expect(cut(`${words(10)}\n\n${words(6)}\n${words(5)}`)).toEqual([
      words(10),
      `${words(6)}\n${words(5)}`,
    ]);
    expect(cut(`${words(10)}\n${words(20)}`)).toEqual([words(10), words(20)]);
    expect(cut(words(30))).toEqual([words(20), words(10)]);
    expect(cut(`${"a".repeat(99)}👍b`)).toEqual(["a".repeat(99), "👍b"]);
  });

  it("makes no tiny part for the sake of a nice end", () => {
    expect(cut(`Hi\n\n${"a".repeat(150)}`)).toEqual([`Hi\n\n${"a".repeat(96)}`, "a".repeat(54)]);
  });

  it("has no parts where there is nothing to see", () => {
    expect(cut("")).toEqual([]);
    expect(cut(" \n ".repeat(500))).toEqual([]);
  });

  it.each([
    ["a flag", "🇩🇪"],
    ["a family", "👨‍👩‍👧‍👦"],
    ["a skin tone", "👍🏽"],
    ["an accent", "e\u0301\u0323"],
    ["a conjunct", "क्षि"],
    ["a keycap", "1️⃣"],
    ["a Hangul syllable of its letters", "\u1112\u1161\u11ab"],
    ["a letter of mathematics", "𝒳"],
  ])("never cuts %s", (_name, character) => {
    for (let before = 0; before < character.length; before++) {
      const text = "a".repeat(before) + character.repeat(60);
      const found = cut(text);
      expect(found.join("")).toBe(text);
      for (const part of found) expect(part.replace(/^a+/, "").replaceAll(character, "")).toBe("");
    }
  });

  it("keeps right-to-left text in order", () => {
    const text = words(40, "שלום");
    expect(cut(text).join(" ")).toBe(text);
  });

  it("ends also with one character that is longer than a message", () => {
    const monster = `a${"\u0301".repeat(500)}`;
    expect(cut(monster).join("")).toBe(monster);
    const family = Array.from({ length: 300 }, () => "👩").join("\u200d");
    expect(cut(family).join("")).toBe(family);
    for (const part of cut(family)) expect(part).toBe(part.replace(/\p{Surrogate}/gu, ""));
  });

  it("keeps a space that carries an accent", () => {
    const text = `${words(30)} \u0301${words(5)}`;
    expect(cut(text).join(" ")).toContain(" \u0301word");
  });

  it("goes on with styles, links, quotes and code in the next part, with target and language", () => {
    const whole = classic(
      `> **${words(15, "quote")}** [${words(20, "link")}](https://x.org/)\n\n\`\`\`ts\n${"  code();\n".repeat(30)}\`\`\``,
    );
    const found = [...parts(whole, limits)];
    for (const [index, part] of found.entries()) {
      const kinds = named(part).map((name) => name.replace(/\(.*/s, ""));
      expect(kinds.length, `part ${index}`).toBeGreaterThan(0);
    }
    expect(found.flatMap(named).filter((name) => name.startsWith("pre:ts")).length).toBeGreaterThan(
      2,
    );
    expect(
      found.flatMap(named).filter((name) => name.startsWith("text_link:https://x.org/(link"))
        .length,
    ).toBe(2);
    expect(found.every((part) => !part.text.startsWith("code"))).toBe(true);
  });

  it("moves a code block that does not fit as a whole", () => {
    const code = "line of code\n".repeat(5).trim();
    const found = [...parts(classic(`${words(12)}\n\n\`\`\`\n${code}\n\`\`\``), limits)];
    expect(found.map((part) => part.text)).toEqual([words(12), code]);
  });

  it("counts entities, and what they weigh", () => {
    const bold = Array.from({ length: 250 }, () => "**a**").join(" ");
    expect([...parts(classic(bold), telegramLimits)].map((part) => part.entities.length)).toEqual([
      100, 100, 50,
    ]);
    const links = Array.from(
      { length: 20 },
      (_, index) => `[l](https://x.org/${"y".repeat(1_800)}${index})`,
    ).join(" ");
    expect([...parts(classic(links), telegramLimits)].map((part) => part.entities.length)).toEqual([
      4, 4, 4, 4, 4,
    ]);
  });

  it("refuses a limit that no message has", () => {
    expect(() => cut("a", 10)).toThrow(RangeError);
  });
});
