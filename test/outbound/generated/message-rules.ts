import type { FormattedText } from "../../../shared/outbound/render/formatted-text.ts";
import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";

const known = new Set([
  "bold",
  "italic",
  "strikethrough",
  "code",
  "pre",
  "text_link",
  "blockquote",
  "expandable_blockquote",
]);
const isCode = ({ type }: MessageEntity): boolean => type === "code" || type === "pre";
const isQuote = ({ type }: MessageEntity): boolean => type.endsWith("blockquote");
const end = ({ offset, length }: MessageEntity): number => offset + length;

/** What Telegram's documentation asks of entities, and what trimming promises; the first fault, or nothing. */
export function entityFault({ text, entities }: FormattedText): string | undefined {
  const open: MessageEntity[] = [];
  let previous: MessageEntity | undefined;
  for (const entity of entities) {
    const name = `${entity.type} ${entity.offset}+${entity.length}`;
    if (!known.has(entity.type)) return `${name}: unknown type`;
    if (entity.offset < 0 || entity.length < 1 || end(entity) > text.length)
      return `${name}: out of bounds`;
    if (cutsPair(text, entity.offset) || cutsPair(text, end(entity))) return `${name}: cuts a pair`;
    const inside = text.slice(entity.offset, end(entity));
    const blank = isQuote(entity) || entity.type === "pre" ? /^\n|\s$/ : /^\s|\s$/;
    if (blank.test(inside)) return `${name}: white space at an end`;
    if (
      previous !== undefined &&
      (entity.offset < previous.offset ||
        (entity.offset === previous.offset && entity.length > previous.length))
    )
      return `${name}: not in order`;
    let outer = open.at(-1);
    while (outer !== undefined && end(outer) <= entity.offset) {
      open.pop();
      outer = open.at(-1);
    }
    if (outer !== undefined && end(entity) > end(outer)) return `${name}: crosses ${outer.type}`;
    if (open.some(isCode)) return `${name}: inside code`;
    if (isCode(entity) && open.some((other) => !isQuote(other)))
      return `${name}: code in ${outer?.type}`;
    if (open.some((other) => other.type === entity.type)) return `${name}: nested in its like`;
    if (isQuote(entity) && open.length > 0) return `${name}: quote in ${outer?.type}`;
    open.push(entity);
    previous = entity;
  }
  return undefined;
}

export const cutsPair = (text: string, index: number): boolean =>
  /[\ud800-\udbff]/.test(text[index - 1] ?? "") && /[\udc00-\udfff]/.test(text[index] ?? "");

/** For each character that shows, what covers it: equal before and after a split. */
export function coverage({ text, entities }: FormattedText): string[] {
  const cover = Array.from({ length: text.length }, () => "");
  for (const { type, offset, length, url, language } of entities)
    for (let index = offset; index < offset + length; index++)
      if (!/\s/.test(text[index] ?? "")) cover[index] += `${type}:${url ?? language ?? ""};`;
  return cover;
}
