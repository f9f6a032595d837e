import { renderClassic } from "../../../shared/outbound/render/classic/render-classic.ts";
import type { FormattedText } from "../../../shared/outbound/render/formatted-text.ts";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";

export const classic = (markdown: string): FormattedText => renderClassic(readMarkdown(markdown));

/** Entities as people read them: `bold(title)`, `pre:ts(let a)`. */
export function named({ text, entities }: FormattedText): string[] {
  return entities.map(({ type, offset, length, url, language }) => {
    const extra = url ?? language;
    return `${type}${extra === undefined ? "" : `:${extra}`}(${text.slice(offset, offset + length)})`;
  });
}
