import { describe, expect, it } from "vitest";
import { agentAnswers } from "../../../bench/rendering/agent-answers.mjs";
import { measureSpeeds } from "../../../bench/rendering/speed.mjs";
import { systemClock } from "../../../shared/clock.ts";
import { prepareAnswer } from "../../../shared/outbound/forms/prepare-answer.ts";
import { parseTokens } from "../../../shared/outbound/render/markdown/parser.ts";
import { seededRandom } from "../../support/seeded-random.ts";

describe("the speed of rendering", () => {
  it("stays of the order of the parser's", () => {
    const speed = measureSpeeds(
      agentAnswers(200, seededRandom(7)),
      {
        parserAlone: parseTokens,
        classic: (markdown) => prepareAnswer(markdown, { rich: false }),
        bothForms: (markdown) => prepareAnswer(markdown, { rich: true }),
      },
      () => systemClock.monotonic(),
      200,
    );
    expect(speed.classic).toBeGreaterThan(speed.parserAlone / 20);
    expect(speed.bothForms).toBeGreaterThan(speed.parserAlone / 20);
  });

  it.each([
    ["quotes", ">".repeat(5_000)],
    [
      "nested lists",
      Array.from({ length: 400 }, (_, level) => `${" ".repeat(level * 2)}- x`).join("\n"),
    ],
    ["stars", `${"*".repeat(20_000)}a${"*".repeat(20_000)}`],
    ["brackets", "[a](".repeat(8_000)],
    ["underscores", "_a".repeat(15_000)],
    ["backticks", Array.from({ length: 300 }, (_, count) => "`".repeat(count + 1)).join(" a ")],
    ["dollars", "$a".repeat(20_000)],
    ["open formulas", "\\(a".repeat(15_000)],
    ["open details", "<details>\n".repeat(3_000)],
    ["open comments", "<!--".repeat(8_000)],
    ["entities", "**a** ".repeat(5_000)],
    ["families", "👩\u200d".repeat(15_000)],
    ["flags", "🇩🇪".repeat(10_000)],
    ["accents", `a${"\u0301".repeat(30_000)}`],
    ["empty lines", `${"\n".repeat(50_000)}a`],
    ["spaces", `a${" ".repeat(50_000)}b`],
  ])("does not break down at %s", (_name, markdown) => {
    const start = systemClock.monotonic();
    prepareAnswer(markdown, { rich: true });
    prepareAnswer(markdown, { rich: false }, "plain");
    // Milliseconds here; minutes where something is quadratic.
    expect(systemClock.monotonic() - start).toBeLessThan(5_000);
  });
});
