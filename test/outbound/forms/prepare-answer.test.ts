import { describe, expect, it } from "vitest";
import type { Form } from "../../../shared/outbound/forms/choose-form.ts";
import {
  type AnswerSettings,
  nextForm,
  plainParts,
  prepareAnswer,
} from "../../../shared/outbound/forms/prepare-answer.ts";
import { withRoomForMark } from "../../../shared/outbound/forms/room-for-mark.ts";
import { classic } from "../render/shown.ts";

const settings: AnswerSettings = { rich: true };
const long = (characters: number): string =>
  "A sentence of some words. ".repeat(Math.ceil(characters / 26));
const table = "| a | b |\n|---|---|\n| 1 | 2 |";

describe("the form of an answer", () => {
  it.each<[string, string, Partial<AnswerSettings>, Form]>([
    ["plain text", "Done.", {}, "classic"],
    [
      "headings, code, flat lists, quotes",
      "# T\n\n- a\n  - b\n\n> q\n\n```\nc\n```",
      {},
      "classic",
    ],
    ["a table", table, {}, "rich"],
    ["a table in a list", "- x\n\n  | a |\n  |---|", {}, "rich"],
    ["a list of three levels", "- a\n  - b\n    - c", {}, "rich"],
    ["a formula", "so $x^2$", {}, "rich"],
    ["a formula in bold", "**so $x^2$**", {}, "rich"],
    [
      "details in a quote",
      "> <details>\n> <summary>s</summary>\n>\n> x\n>\n> </details>",
      {},
      "rich",
    ],
    ["more than one classic message", long(5_000), {}, "rich"],
    ["as long as one classic message", "x".repeat(4_096), {}, "classic"],
    [
      "longer than one classic message with room for a mark",
      "x".repeat(4_037),
      { split: withRoomForMark() },
      "rich",
    ],
    ["as long as that", "x".repeat(4_036), { split: withRoomForMark() }, "classic"],
    ["longer than rich is shown well", long(8_100), {}, "classic"],
    ["longer, where the chat allows it", long(8_100), { maxRichLength: 20_000 }, "rich"],
    ["longer than Telegram allows", long(33_000), { maxRichLength: 50_000 }, "classic"],
    ["more blocks than Telegram allows", "- a\n".repeat(300) + table, {}, "classic"],
    ["a table, rich turned off", table, { rich: false }, "classic"],
    ["nothing", " \n", {}, "classic"],
  ])("%s", (_name, markdown, changed, form) => {
    expect(prepareAnswer(markdown, { ...settings, ...changed }).form).toBe(form);
  });

  it("falls back from rich to classic to plain, each time with the whole text", () => {
    const markdown = `Intro [l](https://x.org/)\n\n${table}\n\n${long(5_000)}END`;
    const forms: Form[] = [];
    for (
      let form: Form | undefined = prepareAnswer(markdown, settings).form;
      form !== undefined;
      form = nextForm[form]
    ) {
      forms.push(form);
      const json = JSON.stringify(prepareAnswer(markdown, settings, form));
      expect(json).toContain("https://x.org/");
      expect(json.match(/A sentence/g)).toHaveLength(193);
      expect(json).toContain("END");
    }
    expect(forms).toEqual(["rich", "classic", "plain"]);
  });
});

describe("an answer in classic form", () => {
  const off: AnswerSettings = { rich: false };

  it("is cut into messages, numbered only when asked", () => {
    const answer = prepareAnswer(long(10_000), off);
    expect(answer).toMatchObject({ form: "classic", kind: "messages" });
    const numbered = prepareAnswer(long(10_000), { rich: false, split: { numbering: true } });
    if (answer.form === "rich" || answer.kind !== "messages") throw new Error("not messages");
    if (numbered.form === "rich" || numbered.kind !== "messages") throw new Error("not messages");
    expect(answer.parts.map((part) => part.text.slice(-6))).toEqual(["nce of", "rds. A", "words."]);
    expect(numbered.parts.map((part) => part.text.slice(-7))).toEqual([
      "\n\n(1/3)",
      "\n\n(2/3)",
      "\n\n(3/3)",
    ]);
    for (const part of numbered.parts) expect(part.text.length).toBeLessThanOrEqual(4_096);
    expect(prepareAnswer("short", { rich: false, split: { numbering: true } })).toMatchObject({
      parts: [{ text: "short" }],
    });
  });

  it("becomes a document with a preview when the messages would be too many", () => {
    const markdown = `# Title\n\n${long(45_000)}`;
    const answer = prepareAnswer(markdown, off);
    expect(answer).toMatchObject({
      kind: "document",
      file: { name: "answer.md", content: markdown },
    });
    if (answer.form === "rich" || answer.kind !== "document") throw new Error("no document");
    expect(answer.preview.text).toMatch(/^Title\nA sentence[^…]*of some\n…$/);
    expect(answer.preview.text.length).toBeLessThan(710);
    expect(answer.preview.entities).toEqual([{ type: "bold", offset: 0, length: 5 }]);
    expect(prepareAnswer(markdown, { rich: false, split: { maxParts: 12 } })).toMatchObject({
      kind: "messages",
    });
  });

  it("has no parts when there is nothing to show", () => {
    expect(prepareAnswer("", off)).toEqual({ form: "classic", kind: "messages", parts: [] });
  });

  it("has a plain twin for each part that Telegram refuses", () => {
    const part = classic("see [x](https://x.org/)\n\n```ts\na\n```\n\n**b**");
    expect(plainParts(part)).toEqual([
      { text: "see x (https://x.org/)\n\n```ts\na\n```\n\nb", entities: [] },
    ]);
    const heavy = classic(
      Array.from({ length: 60 }, (_, index) => `[l](https://x.org/${"y".repeat(90)}${index})`).join(
        " ",
      ),
    );
    expect(plainParts(heavy).length).toBe(2);
  });
});
