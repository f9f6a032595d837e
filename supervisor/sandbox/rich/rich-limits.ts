import type { RichBlock } from "../../../shared/telegram/bot-api.ts";
import { RichProblem } from "./read-blocks.ts";

/** Bot API documentation, "Rich Message Limits". The names of the refusals were seen in answers of Telegram. */
const maxCharacters = 32_768;
const maxBlocks = 500;
const maxDepth = 16;
const maxColumns = 20;

interface Measure {
  characters: number;
  blocks: number;
  depth: number;
}

/** Fields that hold texts; every other string is an address, a name or a setting. */
const textKeys = new Set(["text", "summary", "credit", "expression", "alternative_text"]);
/** Fields whose entries count as blocks: also list items and rows of tables. */
const blockKeys = new Set(["blocks", "items", "cells"]);

/** @throws RichProblem */
export function checkLimits(blocks: readonly RichBlock[]): void {
  const measure: Measure = { characters: 0, blocks: blocks.length, depth: 0 };
  for (const block of blocks) visitFields(block, 1, measure);
  if (measure.characters > maxCharacters) throw new RichProblem("RICH_MESSAGE_TEXT_TOO_LONG");
  if (measure.blocks > maxBlocks) throw new RichProblem("RICH_MESSAGE_BLOCKS_TOO_MANY");
  if (measure.depth > maxDepth) throw new RichProblem("RICH_MESSAGE_DEPTH_INVALID");
  const hasContent =
    measure.characters > 0 || blocks.some(({ type }) => shownWithoutText.has(type));
  if (!hasContent) throw new RichProblem("RICH_MESSAGE_CONTENT_REQUIRED");
}

const shownWithoutText = new Set(["divider", "map", "buttons", "thinking"]);

function visitFields(node: object, depth: number, measure: Measure): void {
  measure.depth = Math.max(measure.depth, depth);
  for (const [key, value] of Object.entries(node)) {
    if (blockKeys.has(key) && Array.isArray(value)) {
      measure.blocks += value.length;
      for (const entry of value) visitEntry(key, entry, depth + 1, measure);
    } else if (textKeys.has(key) || (key === "caption" && typeof value === "string"))
      visitText(value, depth, measure);
    else if (key === "url") checkUrl(value);
  }
}

function visitEntry(key: string, entry: unknown, depth: number, measure: Measure): void {
  if (key === "cells" && Array.isArray(entry)) {
    const columns = entry.reduce(
      (sum: number, cell: { colspan?: number }) => sum + (cell.colspan ?? 1),
      0,
    );
    if (columns > maxColumns) throw new RichProblem("RICH_MESSAGE_TABLE_COLS_TOO_MANY");
    for (const cell of entry) visitEntry("cell", cell, depth, measure);
  } else if (typeof entry === "object" && entry !== null) visitFields(entry, depth, measure);
}

function visitText(text: unknown, depth: number, measure: Measure): void {
  if (typeof text === "string") measure.characters += codePoints(text);
  else if (Array.isArray(text)) for (const part of text) visitText(part, depth, measure);
  else if (typeof text === "object" && text !== null) visitFields(text, depth + 1, measure);
}

/** The host must look like one of the net: `localhost` is refused too. */
function checkUrl(url: unknown): void {
  const address = String(url);
  const complete = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`;
  const known = /^(https?|tg|ton|mailto|tel):/i.test(complete) && URL.canParse(complete);
  const isWeb = /^https?:/i.test(complete);
  if (!known || (isWeb && !/^\[|\./.test(new URL(complete).hostname)))
    throw new RichProblem("RICH_MESSAGE_URL_INVALID");
}

const surrogatePairs = /[\ud800-\udbff][\udc00-\udfff]/g;

function codePoints(text: string): number {
  return text.length - (text.match(surrogatePairs)?.length ?? 0);
}
