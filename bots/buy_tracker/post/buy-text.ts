import {
  priceOf,
  shortAddress,
  shortAmount,
  shortRatio,
} from "../../../shared/chain/amounts/format-amount.ts";
import type { Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Buy } from "../ledger/buy.ts";
import { poolName, type TrackedPool } from "../watch/tracked-pool.ts";

/** What of a chain a text needs. */
export type ShownChain = Pick<Chain, "name" | "explorer">;

const holders: Readonly<Record<Buy["holder"], string | undefined>> = {
  new: "new holder",
  returning: "returning holder",
  unknown: undefined,
};
/** So many buys are listed one by one; a message has room for more, its reader has not. */
const longestList = 8;

/** The message about one buy or several, in Markdown. @param poolOf of a buy; every one is known */
export function postText(
  buys: readonly Buy[],
  poolOf: (buy: Buy) => TrackedPool,
  chain: ShownChain,
): string {
  const [first] = buys;
  return buys.length === 1 && first !== undefined
    ? single(first, poolOf(first), chain)
    : several(buys, poolOf, chain);
}

/** One line about a buy, for lists. */
export function buyLine(buy: Buy, pool: TrackedPool, chain: ShownChain): string {
  const { base, quote } = pool;
  const amounts = `${amountOf(buy.bought, base)} for ${amountOf(buy.paid, quote)}`;
  const facts = [
    `at ${priceText(buy, pool)}`,
    buyerText(buy, chain),
    holders[buy.holder],
    transactionText(buy, chain),
  ];
  const line = `${amounts}, ${facts.filter((fact) => fact !== undefined).join(", ")}`;
  return buy.fate === "vanished" ? `~~${line}~~ **vanished**` : line;
}

function single(buy: Buy, pool: TrackedPool, chain: ShownChain): string {
  const { base, quote } = pool;
  const isGone = buy.fate === "vanished";
  const title = `Buy: ${amountOf(buy.bought, base)}`;
  const holder = holders[buy.holder];
  const lines = [
    isGone ? `~~${title}~~ **vanished**` : `**${title}**`,
    ...(isGone ? ["The chain was reorganised, and this buy is not in it any more."] : []),
    `Value: ${amountOf(buy.paid, quote)}`,
    `Price: ${priceText(buy, pool)}`,
    `Buyer: ${buyerText(buy, chain)}${holder === undefined ? "" : ` (${holder})`}`,
    `Pool: ${markdownText(poolName(pool))} on ${markdownText(chain.name)}`,
    `Transaction: ${transactionText(buy, chain)}`,
  ];
  return lines.join("\\\n");
}

function several(
  buys: readonly Buy[],
  poolOf: (buy: Buy) => TrackedPool,
  chain: ShownChain,
): string {
  const pools = new Map(buys.map((buy) => [buy.pool, poolOf(buy)]));
  const parts = [...pools].map(([address, pool]) => {
    const here = buys.filter((buy) => buy.pool === address);
    const there = here.filter(({ fate }) => fate !== "vanished");
    const sum = (of: (buy: Buy) => bigint): bigint =>
      there.reduce((total, buy) => total + of(buy), 0n);
    const total = `${amountOf(
      sum(({ bought }) => bought),
      pool.base,
    )} for ${amountOf(
      sum(({ paid }) => paid),
      pool.quote,
    )}`;
    const largest = here.toSorted((a, b) => (a.paid < b.paid ? 1 : a.paid > b.paid ? -1 : 0));
    const shown = new Set(largest.slice(0, longestList));
    const list = here
      .filter((buy) => shown.has(buy))
      .map((buy) => `- ${buyLine(buy, pool, chain)}`);
    const more = here.length - list.length;
    return [
      `**${counted(there.length)}: ${total}** (${markdownText(poolName(pool))} on ${markdownText(chain.name)})`,
      "",
      ...list,
      ...(more > 0 ? [`- and ${more} smaller`] : []),
    ].join("\n");
  });
  return parts.join("\n\n");
}

function counted(count: number): string {
  return count === 1 ? "1 buy" : `${count} buys`;
}

function amountOf(amount: bigint, token: { symbol: string; decimals: number }): string {
  return `${shortAmount(amount, token.decimals)} ${markdownText(token.symbol)}`;
}

function priceText({ bought, paid }: Buy, { base, quote }: TrackedPool): string {
  const price = priceOf(
    { amount: bought, decimals: base.decimals },
    { amount: paid, decimals: quote.decimals },
  );
  return `${shortRatio(price)} ${markdownText(quote.symbol)}`;
}

function buyerText({ buyer }: Buy, { explorer }: ShownChain): string {
  const short = shortAddress(buyer);
  return explorer === undefined ? `\`${short}\`` : `[${short}](${explorer}/address/${buyer})`;
}

function transactionText({ transaction }: Buy, { explorer }: ShownChain): string {
  const short = shortAddress(transaction);
  return explorer === undefined ? `\`${short}\`` : `[${short}](${explorer}/tx/${transaction})`;
}
