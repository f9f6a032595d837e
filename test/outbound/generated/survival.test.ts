import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../shared/outbound/render/classic/plain-text.ts";
import { renderClassic } from "../../../shared/outbound/render/classic/render-classic.ts";
import type { FormattedText } from "../../../shared/outbound/render/formatted-text.ts";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";
import { renderRich } from "../../../shared/outbound/render/rich/render-rich.ts";
import { type PartLimits, telegramLimits } from "../../../shared/outbound/split/limits.ts";
import { type Part, parts } from "../../../shared/outbound/split/split-text.ts";
import { readMessageText } from "../../../supervisor/sandbox/methods/content/message-text.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { coverage, cutsPair, entityFault } from "./message-rules.ts";
import { MarkdownGenerator } from "./random-markdown.ts";

const documents = 10_000;
const seed = 20_260_501;
const wordPattern = /q\d+z/g;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Half of the documents are cut as Telegram wants it, half much smaller, so that every kind of cut happens. */
function limitsFor(random: () => number): PartLimits {
  if (random() < 0.5) return telegramLimits;
  return {
    maxLength: 64 + Math.floor(random() * 400),
    maxEntities: 8 + Math.floor(random() * 30),
    maxEntityBytes: 2_200 + Math.floor(random() * 3_000),
  };
}

function* faults(
  markdown: string,
  words: readonly string[],
  limits: PartLimits,
): Generator<string> {
  const document = readMarkdown(markdown);
  const classic = renderClassic(document);
  const fault = entityFault(classic);
  if (fault !== undefined) yield fault;
  yield* lost(words, JSON.stringify(classic), "classic");
  yield* lost(words, toPlainText(classic).text, "plain");
  yield* lost(words, JSON.stringify(renderRich(document).message), "rich");
  yield* splitFaults(classic, [...parts(classic, limits)], limits);
}

function* lost(words: readonly string[], text: string, form: string): Generator<string> {
  const found = new Set(text.match(wordPattern));
  const missing = words.filter((word) => !found.has(word));
  if (missing.length > 0) yield `${form} lost ${missing.join(" ")}`;
}

function* splitFaults(
  whole: FormattedText,
  split: readonly Part[],
  limits: PartLimits,
): Generator<string> {
  const before = split.length > 1 ? coverage(whole) : [];
  let at = 0;
  for (const part of split) {
    if (part.text !== whole.text.slice(part.start, part.end) || part.text === "")
      yield "a part is not a slice";
    if (whole.text.slice(at, part.start).trim() !== "") yield `text lost before ${part.start}`;
    if (part.text.length > limits.maxLength) yield `a part of ${part.text.length}`;
    if (part.entities.length > limits.maxEntities) yield `${part.entities.length} entities`;
    if (cutsPair(whole.text, part.start) || cutsPair(whole.text, part.end)) yield "a pair is cut";
    const fault = entityFault(part);
    if (fault !== undefined) yield `part: ${fault}`;
    const after = split.length > 1 ? coverage(part) : [];
    const other = after.findIndex((cover, index) => cover !== before[part.start + index]);
    if (other >= 0) yield `another style at ${part.start + other}`;
    at = part.end;
  }
  if (whole.text.slice(at).trim() !== "") yield "text lost at the end";
  if (split.length > 1) yield* graphemeFaults(whole.text, split);
}

function* graphemeFaults(text: string, split: readonly Part[]): Generator<string> {
  let sure = 0;
  for (const cut of split.flatMap(({ start, end }) => [start, end])) {
    // From the cut before on: V8 copies the whole text for each question.
    const near = segmenter.segment(text.slice(sure, cut + 4));
    if (cut < text.length && near.containing(cut - sure)?.index !== cut - sure)
      yield `a character is cut at ${cut}`;
    sure = cut;
  }
}

describe(`${documents} generated documents`, () => {
  it("lose no word, keep Telegram's rules, and come together again after the split", {
    timeout: 120_000,
  }, () => {
    const random = seededRandom(seed);
    const generator = new MarkdownGenerator(random);
    const found: string[] = [];
    let longest = 0;
    let cuts = 0;
    for (let index = 0; index < documents && found.length < 5; index++) {
      const { markdown, words } = generator.document();
      const limits = limitsFor(random);
      for (const fault of faults(markdown, words, limits))
        found.push(`document ${index}: ${fault}\n${markdown.slice(0, 2_000)}`);
      longest = Math.max(longest, markdown.length);
      if (markdown.length > limits.maxLength) cuts++;
    }
    expect(found).toEqual([]);
    expect(longest).toBeGreaterThan(20_000);
    expect(cuts).toBeGreaterThan(documents / 10);
  });

  it("are taken by the sandbox as they are", { timeout: 60_000 }, () => {
    const generator = new MarkdownGenerator(seededRandom(seed + 1));
    for (let index = 0; index < 500; index++) {
      const whole = renderClassic(readMarkdown(generator.document().markdown));
      for (const { text, entities } of parts(whole, telegramLimits))
        expect(readMessageText({ text, entities }).text).toBe(text.trim());
    }
  });
});
