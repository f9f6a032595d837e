import type { Address } from "../chain.ts";
import { digest, draw } from "./draw.ts";

const regulars = 40;
/** How many buyers were never seen before, of all. */
const freshShare = 0.3;

/** Where a trade stands: the number of its block, of its pool, and its own in the block. */
export interface TradePlace {
  readonly block: number;
  readonly poolIndex: number;
  readonly trade: number;
}

/** Who trades: one of a few dozen regulars, or for a buy now and then somebody new. */
export function traderOf(seed: string, place: TradePlace, isBuy: boolean): Address {
  const { block, poolIndex, trade } = place;
  if (isBuy && draw(seed, "fresh", block, poolIndex, trade) < freshShare)
    return `0xf${placeDigits(place)}${digest(seed, "fresh", block, poolIndex, trade).slice(0, 24)}`;
  const number = Math.floor(draw(seed, "trader", block, poolIndex, trade) * regulars);
  return `0xa${digest(seed, "regular", number).slice(0, 39)}`;
}

/** The trade that somebody new was made for; undefined for everybody else. */
export function firstTradeOf(address: Address): TradePlace | undefined {
  return address.startsWith("0xf") ? readPlace(address.slice(3, 18)) : undefined;
}

export function tradeHash(seed: string, place: TradePlace): `0x${string}` {
  const { block, poolIndex, trade } = place;
  return `0x${placeDigits(place)}${digest(seed, "trade", block, poolIndex, trade).slice(0, 49)}`;
}

/** The trade that a transaction is; undefined for one that is none of ours. */
export function tradeOf(transaction: string): TradePlace | undefined {
  return readPlace(transaction.slice(2, 17));
}

/** 15 digits: 10 of the block, 2 of the pool, 3 of the trade. */
function placeDigits({ block, poolIndex, trade }: TradePlace): string {
  return hex(block, 10) + hex(poolIndex, 2) + hex(trade, 3);
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, "0");
}

function readPlace(digits: string): TradePlace | undefined {
  if (!/^[0-9a-f]{15}$/.test(digits)) return undefined;
  return {
    block: Number.parseInt(digits.slice(0, 10), 16),
    poolIndex: Number.parseInt(digits.slice(10, 12), 16),
    trade: Number.parseInt(digits.slice(12), 16),
  };
}
