import {
  exactAmount,
  shortAmount,
  shortAmountDown,
} from "../../../shared/chain/amounts/format-amount.ts";
import type { Token } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";

/** "1,234.5 SIM", rounded for people. */
export function short(amount: bigint, { decimals, symbol }: Token): string {
  return `${shortAmount(amount, decimals)} ${markdownText(symbol)}`;
}

/** The same, never rounded up: what is promised is kept. */
export function atLeast(amount: bigint, { decimals, symbol }: Token): string {
  return `${shortAmountDown(amount, decimals)} ${markdownText(symbol)}`;
}

/** Parts of 10,000 as "1.25 %". */
export function percent(parts: bigint): string {
  return `${exactAmount(parts, 2)} %`;
}
