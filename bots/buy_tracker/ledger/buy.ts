import { z } from "zod";
import type { Address, Hash } from "../../../shared/chain/chain.ts";

const hexText = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform((text): Hash => `0x${text.slice(2)}`);
const amount = z.string().regex(/^\d+$/).transform(BigInt);
const block = z.object({ number: z.int(), hash: hexText });

/**
 * - `there`: in the chain, as far as it was followed
 * - `loose`: its block is gone; it may come again in another one
 * - `vanished`: it did not
 */
const fate = z.enum(["there", "loose", "vanished"]);

export const buySchema = z.object({
  key: z.string(),
  pool: hexText,
  block,
  transaction: hexText,
  /** When its block was made, epoch milliseconds. */
  atMs: z.int(),
  buyer: hexText,
  /** What was bought, smallest units of the tracked token. */
  bought: amount,
  /** What was paid, smallest units of the other token. */
  paid: amount,
  holder: z.enum(["new", "returning", "unknown"]),
  fate,
  /** The height up to which the chain must come again before a loose one counts as vanished. */
  lostUpTo: z.int().optional(),
});

/** A buy that is worth telling to somebody. */
export type Buy = Readonly<z.infer<typeof buySchema>>;

/**
 * The name of a trade, the same in whatever block it stands: transaction and pool, and its number among the trades of
 * both. (The index of its event in the block changes with the block.)
 */
export function buyKey(transaction: Hash, pool: Address, ordinal: number): string {
  return `${transaction}/${pool}/${ordinal}`;
}

/** As JSON: it has no whole numbers of that size. */
export function storedBuy(buy: Buy): unknown {
  return { ...buy, bought: buy.bought.toString(), paid: buy.paid.toString() };
}
