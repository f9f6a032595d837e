/** A Uniswap-v2 pair keeps 30 of 10,000 of what comes in. Source: UniswapV2Library.getAmountOut. */
const uniswapFee = 30n;
const allParts = 10_000n;

/**
 * What a pair gives for `amountIn`, exactly as its contract reckons. 0 for an empty pair.
 * @param fee what the pair keeps, of 10,000 parts; forks of Uniswap have their own
 * @throws RangeError for a negative amount
 */
export function amountOut(
  amountIn: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
  fee = uniswapFee,
): bigint {
  if (amountIn < 0n) throw new RangeError("an amount cannot be negative");
  if (amountIn === 0n || reserveIn <= 0n || reserveOut <= 0n) return 0n;
  const withoutFee = amountIn * (allParts - fee);
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
  return (reserveIn * wanted * allParts) / ((reserveOut - wanted) * (allParts - uniswapFee)) + 1n;
}

/** A fraction that is never rounded; `below` is more than 0. */
export interface Ratio {
  readonly above: bigint;
  readonly below: bigint;
}

/** A filled trade, and the pair before it. */
export interface PairFill {
  readonly paid: bigint;
  readonly got: bigint;
  readonly reserveIn: bigint;
  readonly reserveOut: bigint;
}

/**
 * How far below the pair's price a seller was paid, in parts of 10,000, the fee included; rounded to the nearest.
 */
export function belowPrice({ paid, got, reserveIn, reserveOut }: PairFill): bigint {
  const [ideal, real] = [paid * reserveOut, got * reserveIn];
  return partsOf(ideal - real, ideal);
}

/**
 * How far above the pair's price a buyer has paid for each unit, likewise. More than the seller's number: half as many
 * units for the same money are 100 % above.
 */
export function abovePrice({ paid, got, reserveIn, reserveOut }: PairFill): bigint {
  const [ideal, real] = [paid * reserveOut, got * reserveIn];
  return partsOf(ideal - real, real);
}

function partsOf(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (part * 20_000n + whole) / (whole * 2n);
}
