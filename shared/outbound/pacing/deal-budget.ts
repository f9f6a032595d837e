import { tokenPerSecond } from "./send-budget.ts";

export interface BudgetDemand {
  readonly bot: string;
  /** What the bot would send per second if it could. */
  readonly perSecond: number;
}

/** Every bot can always send a little, so that a first answer never waits for the next dealing. */
const leastPerSecond = 1;

/**
 * Deals a token's sends per second out among its bots, by demand and max-min fair: who wants little gets it, the others
 * share the rest equally. What nobody wants is dealt out equally too, for what comes before the next dealing. The shares
 * never add up to more than the token has.
 */
export function dealBudget(
  demands: readonly BudgetDemand[],
  total = tokenPerSecond,
): Map<string, number> {
  const least = Math.min(leastPerSecond, total / Math.max(1, demands.length));
  const shares = new Map(demands.map(({ bot }) => [bot, least]));
  let left = total - least * demands.length;
  let wanting = demands
    .map(({ bot, perSecond }) => ({ bot, missing: Math.max(0, perSecond - least) }))
    .toSorted((a, b) => a.missing - b.missing);
  while (wanting.length > 0) {
    const [first, ...others] = wanting;
    if (first === undefined) break;
    const given = Math.min(first.missing, left / wanting.length);
    shares.set(first.bot, (shares.get(first.bot) ?? 0) + given);
    left -= given;
    wanting = others;
  }
  for (const [bot, share] of shares) shares.set(bot, share + left / shares.size);
  return shares;
}
