/** A Uniswap-v2 pair keeps 3 of 1000 of what comes in. Source: UniswapV2Library.getAmountOut. */
const feeParts = 3n;
const allParts = 1000n;

/**
 * What a pair gives for `amountIn`, exactly as its contract reckons. 0 for an empty pair.
 * @throws RangeError for a negative amount
 */
export function amountOut(amountIn: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  if (amountIn < 0n) throw new RangeError("an amount cannot be negative");
  if (amountIn === 0n || reserveIn <= 0n || reserveOut <= 0n) return 0n;
  const withoutFee = amountIn * (allParts - feeParts);
  return (withoutFee * reserveOut) / (reserveIn * allParts + withoutFee);
}

/**
 * What must come in to get `wanted`, exactly as the contract reckons (rounded up). Undefined where the pair has not so
 * much.
 */
export function amountNeeded(
  wanted: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
): bigint | undefined {
  if (wanted < 0n) throw new RangeError("an amount cannot be negative");
  if (wanted === 0n) return 0n;
  if (reserveIn <= 0n || wanted >= reserveOut) return undefined;
  return (reserveIn * wanted * allParts) / ((reserveOut - wanted) * (allParts - feeParts)) + 1n;
}

/** A fraction that is never rounded; `below` is more than 0. */
export interface Ratio {
  readonly above: bigint;
  readonly below: bigint;
}

/**
 * How much worse than the pair's price before it a trade was filled, in parts of 10,000, the fee included; rounded to
 * the nearest.
 */
export function slippageBasisPoints(
  fill: { readonly paid: bigint; readonly got: bigint },
  reserveIn: bigint,
  reserveOut: bigint,
): number {
  const ideal = fill.paid * reserveOut;
  if (ideal === 0n) return 0;
  const real = fill.got * reserveIn;
  return Number(((ideal - real) * 20_000n + ideal) / (ideal * 2n));
}
