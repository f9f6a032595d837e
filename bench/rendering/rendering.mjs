// How fast Markdown becomes messages, beside the parser alone, on the same answers.
import MarkdownIt from "markdown-it";
import { prepareAnswer } from "../../dist/shared/outbound/forms/prepare-answer.js";
import { renderClassic } from "../../dist/shared/outbound/render/classic/render-classic.js";
import { parseTokens } from "../../dist/shared/outbound/render/markdown/parser.js";
import { readMarkdown } from "../../dist/shared/outbound/render/markdown/read-markdown.js";
import { splitAnswer } from "../../dist/shared/outbound/split/split-answer.js";
import { median, printTable } from "../figures.mjs";
import { agentAnswers } from "./agent-answers.mjs";
import { measureSpeeds } from "./speed.mjs";

const answers = 500;
const minimalMs = 500;
const asItComes = new MarkdownIt();

const works = {
  "markdown-it as it comes": (markdown) => asItComes.parse(markdown, {}),
  "markdown-it with our rules": parseTokens,
  "classic: parsed, rendered, split": (markdown) =>
    splitAnswer(renderClassic(readMarkdown(markdown))),
  "both forms, one chosen, split": (markdown) => prepareAnswer(markdown, { rich: true }),
};

/** CPU time: a neighbour on the machine costs nothing. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The same numbers at every run (Lehmer's generator). */
function seeded() {
  let state = 20_260_501;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function benchRendering(rounds) {
  const texts = agentAnswers(answers, seeded());
  const measured = Array.from({ length: rounds }, () =>
    measureSpeeds(texts, works, cpuMs, minimalMs),
  );
  const names = Object.keys(works);
  const speeds = names.map((name) => median(measured.map((round) => round[name])));
  const parserAlone = speeds[1];
  const size = texts.reduce((sum, text) => sum + text.length, 0) / 1_000_000;
  printTable(
    `rendering: ${answers} answers, ${size.toFixed(1)} MB`,
    ["", "MB per CPU second", "of the parser's"],
    names.map((name, at) => [
      name,
      speeds[at].toFixed(1),
      `${(speeds[at] / parserAlone).toFixed(2)} x`,
    ]),
  );
}
