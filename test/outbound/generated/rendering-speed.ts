import type { Clock } from "../../../shared/clock.ts";
import { prepareAnswer } from "../../../shared/outbound/forms/prepare-answer.ts";
import { renderClassic } from "../../../shared/outbound/render/classic/render-classic.ts";
import { parseTokens } from "../../../shared/outbound/render/markdown/parser.ts";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";
import { splitAnswer } from "../../../shared/outbound/split/split-answer.ts";

/** Megabytes of Markdown (UTF-16 units) per second. */
export interface RenderingSpeed {
  /** markdown-it with our rules, its tokens thrown away. */
  readonly parserAlone: number;
  /** Parsed, rendered to text and entities, split. */
  readonly classic: number;
  /** What sending does: both forms rendered, one chosen, split where needed. */
  readonly prepared: number;
}

/** @param minimalMs how long each of the three is repeated */
export function measureRendering(
  answers: readonly string[],
  clock: Clock,
  minimalMs: number,
): RenderingSpeed {
  const size = answers.reduce((sum, answer) => sum + answer.length, 0) / 1_000_000;
  const speed = (work: (markdown: string) => void): number => {
    answers.forEach(work);
    const start = clock.monotonic();
    let rounds = 0;
    let elapsedMs = 0;
    while (elapsedMs < minimalMs || rounds === 0) {
      answers.forEach(work);
      rounds++;
      elapsedMs = Math.max(clock.monotonic() - start, 0.001);
    }
    return (size * rounds * 1_000) / elapsedMs;
  };
  return {
    parserAlone: speed(parseTokens),
    classic: speed((markdown) => splitAnswer(renderClassic(readMarkdown(markdown)))),
    prepared: speed((markdown) => prepareAnswer(markdown, { rich: true })),
  };
}
