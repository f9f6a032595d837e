import type { Address, Pair, Swap, Token } from "../../../shared/chain/chain.ts";

/** A pair, and which of its tokens is the one that people buy. */
export interface TrackedPool {
  readonly pool: Address;
  readonly base: Token;
  /** What it is paid with. */
  readonly quote: Token;
  readonly baseIs0: boolean;
}

/** What people pay with: where just one side of a pair is among them, the other one is tracked. */
const payments: ReadonlySet<string> = new Set([
  "WETH",
  "ETH",
  "WBNB",
  "WPOL",
  "WMATIC",
  "WAVAX",
  "USDC",
  "USDT",
  "USDBC",
  "USDC.E",
  "USDT.E",
  "DAI",
  "BUSD",
  "FDUSD",
  "USDE",
  "USDS",
  "PYUSD",
]);

/** @param track the token whose buys are told; undefined where its symbol decides */
export function trackedPool(
  { pool, token0, token1 }: Pair,
  track: Address | undefined,
): TrackedPool {
  const baseIs0 =
    track === undefined
      ? payments.has(token1.symbol.toUpperCase()) || !payments.has(token0.symbol.toUpperCase())
      : track === token0.address;
  const [base, quote] = baseIs0 ? [token0, token1] : [token1, token0];
  return { pool, base, quote, baseIs0 };
}

/** "TKN/USDC". */
export function poolName({ base, quote }: Pick<TrackedPool, "base" | "quote">): string {
  return `${base.symbol}/${quote.symbol}`;
}

/** What a trade bought of the tracked token and what it cost; undefined for a sale, and for a loan that was given back. */
export function boughtIn(
  swap: Swap,
  { baseIs0 }: TrackedPool,
): { readonly bought: bigint; readonly paid: bigint } | undefined {
  const [baseIn, baseOut] = baseIs0
    ? [swap.amount0In, swap.amount0Out]
    : [swap.amount1In, swap.amount1Out];
  const [quoteIn, quoteOut] = baseIs0
    ? [swap.amount1In, swap.amount1Out]
    : [swap.amount0In, swap.amount0Out];
  const [bought, paid] = [baseOut - baseIn, quoteIn - quoteOut];
  return bought > 0n && paid > 0n ? { bought, paid } : undefined;
}
