import type { FormattedText } from "../render/formatted-text.ts";

/**
 * The text without entities, for a message that Telegram refused with them: link targets follow their labels, so that
 * nothing is lost. May be longer than before: split it again.
 */
export function toPlainText({ text, entities }: FormattedText): FormattedText {
  let plain = "";
  let at = 0;
  const links = entities
    .filter((entity) => entity.url !== undefined)
    .toSorted((a, b) => a.offset + a.length - (b.offset + b.length));
  for (const { offset, length, url } of links) {
    plain += text.slice(at, offset + length);
    at = offset + length;
    if (!text.slice(offset, at).includes(url ?? "")) plain += ` (${url})`;
  }
  return { text: plain + text.slice(at), entities: [] };
}
