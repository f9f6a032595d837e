import type { InputRichBlock } from "../../../telegram/bot-api.ts";

/** What Telegram counts in a rich message (Bot API documentation, "Rich Message Limits"). */
export const richLimits = { characters: 32_768, blocks: 500 } as const;

export interface RichSize {
  /** Code points of all texts, formulas included. */
  readonly characters: number;
  /** Nested ones, list items and table rows included. */
  readonly blocks: number;
}

const textKeys = new Set(["text", "expression", "summary"]);
const blockKeys = new Set(["blocks", "items", "cells"]);

/** Counts what Telegram will count. */
export function richSize(blocks: readonly InputRichBlock[]): RichSize {
  const size = { characters: 0, blocks: 0 };
  const visit = (node: unknown, isText: boolean): void => {
    if (typeof node === "string") {
      if (isText) size.characters += codePoints(node);
    } else if (Array.isArray(node)) for (const part of node) visit(part, isText);
    else if (typeof node === "object" && node !== null)
      for (const [key, value] of Object.entries(node)) {
        if (blockKeys.has(key) && Array.isArray(value)) size.blocks += value.length;
        if (textKeys.has(key) || typeof value === "object") visit(value, textKeys.has(key));
      }
  };
  size.blocks = blocks.length;
  visit(blocks, false);
  return size;
}

const surrogatePairs = /[\ud800-\udbff][\udc00-\udfff]/g;
const codePoints = (text: string): number =>
  text.length - (text.match(surrogatePairs)?.length ?? 0);
