import type { Ratio } from "./pool-math.ts";

/** An amount in whole tokens, every digit of it: 1234500000000000000000n of 18 decimals is "1234.5". */
export function exactAmount(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${sign}${whole}${rest === "" ? "" : `.${rest}`}`;
}

/**
 * An amount for people: thousands apart, at most `places` digits behind the point, and for small ones as many as show
 * `places` digits that count ("0.0000123"). Rounded to the nearest, half away from zero.
 */
export function shortAmount(amount: bigint, decimals: number, places = 4): string {
  return shortRatio({ above: amount, below: 10n ** BigInt(decimals) }, places);
}

/** The same, rounded towards zero: for what is promised at least. */
export function shortAmountDown(amount: bigint, decimals: number, places = 4): string {
  return words({ above: amount, below: 10n ** BigInt(decimals) }, places, 0n);
}

/** An amount as {@link shortAmount} has it, unless it would look like `other` then and is not: every digit then. */
export function distinctAmount(amount: bigint, other: bigint, decimals: number): string {
  const short = shortAmount(amount, decimals);
  const looksAlike = amount !== other && short === shortAmount(other, decimals);
  return looksAlike ? exactAmount(amount, decimals) : short;
}

/** A ratio for people, as {@link shortAmount}. */
export function shortRatio(ratio: Ratio, places = 4): string {
  return words(ratio, places, 1n);
}

/** @param half 1: the nearest; 0: towards zero */
function words({ above, below }: Ratio, places: number, half: 0n | 1n): string {
  const sign = above < 0n ? "-" : "";
  const size = above < 0n ? -above : above;
  if (size === 0n) return "0";
  const kept = places + leadingZeros(size, below);
  const scaled = (size * 10n ** BigInt(kept) * 2n + below * half) / (below * 2n);
  const text = exactAmount(scaled, kept);
  const [whole = "", rest] = text.split(".");
  const apart = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${apart}${rest === undefined ? "" : `.${rest}`}`;
}

/** How many zeros stand behind the point before the first digit that counts. */
function leadingZeros(above: bigint, below: bigint): number {
  let zeros = 0;
  for (let size = above * 10n; size < below; size *= 10n) zeros += 1;
  return zeros;
}

/** The price of one whole `base` in whole `quote`, from amounts of both that are worth the same. */
export function priceOf(
  base: { readonly amount: bigint; readonly decimals: number },
  quote: { readonly amount: bigint; readonly decimals: number },
): Ratio {
  return {
    above: quote.amount * 10n ** BigInt(base.decimals),
    below: base.amount * 10n ** BigInt(quote.decimals),
  };
}

/**
 * "1234.5" of 18 decimals as its smallest units; thousands may stand apart by commas. Undefined for what is no amount, is
 * negative, or has more digits behind the point than the token.
 */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) return undefined;
  const rest = match[2] ?? "";
  if (rest.length > decimals || (match[1] ?? "").length > 60) return undefined;
  return BigInt((match[1] ?? "").replaceAll(",", "") + rest.padEnd(decimals, "0"));
}

/** "+1.25 %", cut to two digits; the sign tells also what is too small for them. Empty for what began with nothing. */
export function changePercent(before: bigint, now: bigint): string {
  if (before === 0n) return "";
  const parts = ((now - before) * 10_000n) / before;
  return `${now < before ? "-" : "+"}${exactAmount(parts < 0n ? -parts : parts, 2)} %`;
}

/** "0x1234…cdef". */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
