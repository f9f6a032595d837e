import type { FormattedText } from "../render/formatted-text.ts";
import { breakPoint, skipGap, trimEnd } from "./break-point.ts";
import { entitiesOf, reachOfEntities } from "./entity-window.ts";
import type { PartLimits } from "./limits.ts";

/** A part and the place in the whole text that it came from; between two parts lies white space only. */
export interface Part extends FormattedText {
  readonly start: number;
  readonly end: number;
}

/**
 * The text in parts that each fit into a message, lazily: who needs only the first few takes no more. Cut after
 * paragraphs, lines, words, and only where a word fills a message, between characters. Code blocks and styles go on
 * in the next part. A text of white space has no parts.
 * @throws {RangeError} for a limit under 64 units, which could not hold what people call a character
 */
export function* parts(whole: FormattedText, limits: PartLimits): Generator<Part, void, undefined> {
  if (limits.maxLength < 64) throw new RangeError(`maxLength ${limits.maxLength} is under 64`);
  const { text, entities } = whole;
  const code = entities.filter((entity) => entity.type === "pre");
  let start = skipGap(text, code, 0);
  while (start < text.length) {
    const reach = Math.min(text.length, start + limits.maxLength);
    const end = reachOfEntities(entities, start, reach, limits);
    const at = end === text.length ? end : breakPoint({ text, code, start, end });
    const last = trimEnd(text, start, at);
    if (last > start)
      yield {
        text: text.slice(start, last),
        entities: entitiesOf(whole, start, last, limits),
        start,
        end: last,
      };
    start = skipGap(text, code, at);
  }
}
