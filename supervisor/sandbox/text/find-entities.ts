import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";

/** What Telegram finds in plain text by itself, as far as bots care. Offsets are UTF-16 code units. */
const patterns: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["url", /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/giu],
  [
    "bot_command",
    /(?<![\p{L}\p{N}_/<>@])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/@])/giu,
  ],
  ["mention", /(?<![\p{L}\p{N}_/@])@[a-z][a-z0-9_]{3,31}(?![\p{L}\p{N}_@])/giu],
  ["hashtag", /(?<![\p{L}\p{N}_/#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/giu],
];

/** Entities in order of their offset; where two would overlap, the kind named first in the table wins. */
export function findEntities(text: string, taken: readonly MessageEntity[] = []): MessageEntity[] {
  // Most texts contain none of the four, and this is on the way of every message.
  if (!/[/@#]/.test(text)) return [];
  const found: MessageEntity[] = [];
  for (const [type, pattern] of patterns)
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (![...taken, ...found].some((other) => overlap(entity, other))) found.push(entity);
    }
  return found.toSorted((a, b) => a.offset - b.offset);
}

function overlap(a: MessageEntity, b: MessageEntity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
