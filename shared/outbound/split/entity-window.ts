import type { MessageEntity } from "../../telegram/bot-api.ts";
import { type FormattedText, trimEntity } from "../render/formatted-text.ts";
import type { PartLimits } from "./limits.ts";

/** Three 32-bit numbers (kind, offset, length) and a string where the kind has one. */
function weight({ url, language }: MessageEntity): number {
  const text = url ?? language;
  return text === undefined ? 12 : 16 + Buffer.byteLength(text);
}

/**
 * How far a part that begins at `start` may go before it holds too many entities, or too heavy ones. Entities that
 * are open at `start` count; where they alone are too many, the inner ones are dropped (`entitiesOf`), not the text.
 */
export function reachOfEntities(
  entities: readonly MessageEntity[],
  start: number,
  end: number,
  limits: PartLimits,
): number {
  let count = 0;
  let bytes = 0;
  for (const entity of entities) {
    if (entity.offset + entity.length <= start) continue;
    if (entity.offset >= end) break;
    count++;
    bytes += weight(entity);
    if (count <= limits.maxEntities && bytes <= limits.maxEntityBytes) continue;
    if (entity.offset > start) return entity.offset;
  }
  return end;
}

/** The entities of `text.slice(start, end)`: cut at its ends, open ones carried over, with language and target. */
export function entitiesOf(
  { text, entities }: FormattedText,
  start: number,
  end: number,
  limits: PartLimits,
): MessageEntity[] {
  const part = text.slice(start, end);
  const kept: MessageEntity[] = [];
  let bytes = 0;
  for (const entity of entities) {
    if (entity.offset + entity.length <= start) continue;
    if (entity.offset >= end || kept.length === limits.maxEntities) break;
    const from = Math.max(entity.offset, start);
    const length = Math.min(entity.offset + entity.length, end) - from;
    const cut = trimEntity(part, { ...entity, offset: from - start, length });
    if (cut === undefined || bytes + weight(cut) > limits.maxEntityBytes) continue;
    bytes += weight(cut);
    kept.push(cut);
  }
  return kept;
}
