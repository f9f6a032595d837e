import { parseAmount, shortAmountDown } from "../../../shared/chain/amounts/format-amount.ts";
import type { Token } from "../../../shared/chain/chain.ts";

export type Wish =
  | { readonly kind: "amount"; readonly amount: bigint }
  | { readonly kind: "problem"; readonly text: string };

/** What follows `/buy` or `/sell`: an amount of what is paid, or `all` of it. */
export function readWish(text: string, has: bigint, { decimals, symbol }: Token): Wish {
  const word = text.trim().toLowerCase();
  const amount = word === "all" ? has : parseAmount(word, decimals);
  if (word === "" || amount === undefined)
    return problem(`Say how much ${symbol}, with at most ${decimals} decimals; or all.`);
  if (amount === 0n) return problem(`There is no ${symbol} to pay with.`);
  return amount > has
    ? problem(`That is more ${symbol} than there is: ${shortAmountDown(has, decimals)}.`)
    : { kind: "amount", amount };
}

function problem(text: string): Wish {
  return { kind: "problem", text };
}
