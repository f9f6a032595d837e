import type { MessageEntity } from "../../telegram/bot-api.ts";

/**
 * What a classic message carries: offsets and lengths in UTF-16 code units; entities sorted by where they begin,
 * the outer before the inner, each inside the text, none empty, none crossing another.
 */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** An entity before its place is known. */
export type EntityKind = Omit<MessageEntity, "offset" | "length">;

const whitespace = /\s/;
export const isWhitespace = (character: string | undefined): boolean =>
  character !== undefined && whitespace.test(character);

/**
 * The entity without white space at its ends, or nothing where only that is left. Blocks keep the spaces they begin
 * with: those are the indentation of code.
 */
export function trimEntity(text: string, entity: MessageEntity): MessageEntity | undefined {
  const block = entity.type === "pre" || entity.type.endsWith("blockquote");
  let start = entity.offset;
  let end = entity.offset + entity.length;
  while (end > start && isWhitespace(text[end - 1])) end--;
  while (start < end && (block ? text[start] === "\n" : isWhitespace(text[start]))) start++;
  if (end === start) return undefined;
  return { ...entity, offset: start, length: end - start };
}
