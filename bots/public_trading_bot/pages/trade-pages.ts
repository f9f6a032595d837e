import { priceOf, shortRatio } from "../../../shared/chain/amounts/format-amount.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Quote } from "../desk/quotes.ts";
import type { Trade } from "../ledger/ledger-line.ts";
import type { Assets, Depth, Fill, Side } from "../market/market.ts";
import { exact, percent, short } from "./amounts.ts";

/** What is paid and what is got, by the side of a trade. */
export function sides({ cash, token }: Assets, side: Side) {
  return side === "buy" ? { paid: cash, got: token } : { paid: token, got: cash };
}

export function priceText({ cash, token }: Assets, depth: Depth): string {
  const price = priceOf(
    { amount: depth.tokens, decimals: token.decimals },
    { amount: depth.cash, decimals: cash.decimals },
  );
  const symbol = markdownText(token.symbol);
  return [
    `1 ${symbol} = ${shortRatio(price)} ${markdownText(cash.symbol)}`,
    `In the pool: ${short(depth.tokens, token)} and ${short(depth.cash, cash)}; its fee is 0.3 %.`,
  ].join("\n\n");
}

export function quoteText(quote: Quote, fill: Fill, assets: Assets, lifeMs: number): string {
  const { paid, got } = sides(assets, fill.side);
  const verb = fill.side === "buy" ? "buys" : "sells";
  const symbol = markdownText(assets.token.symbol);
  return [
    `**${markdownText(quote.name)} ${verb} ${symbol}:** ${exact(fill.paid, paid)} for about ${short(fill.got, got)}`,
    `${percent(fill.slippage)} below the price of the pool, by its fee and the size of the trade. At least ${short(quote.atLeast, got)}, or nothing is traded. Holds for ${lifeMs / 1_000} s.`,
  ].join("\n\n");
}

export function tradeText(trade: Trade, assets: Assets): string {
  const { paid, got } = sides(assets, trade.side);
  const verb = trade.side === "buy" ? "bought" : "sold";
  const what =
    trade.side === "buy"
      ? `${short(trade.got, got)} for ${short(trade.paid, paid)}`
      : `${short(trade.paid, paid)} for ${short(trade.got, got)}`;
  return [
    `✅ **${markdownText(trade.name)} ${verb}** ${what} (trade ${trade.number})`,
    `Now: ${short(trade.cash, assets.cash)} and ${short(trade.tokens, assets.token)}.`,
  ].join("\n\n");
}

export function historyText(trades: readonly Trade[], assets: Assets): string {
  if (trades.length === 0) return "No trades yet. Begin with /buy 100";
  const rows = trades.toReversed().map((trade) => {
    const { paid, got } = sides(assets, trade.side);
    const time = new Date(trade.atMs).toISOString().slice(0, 16).replace("T", " ");
    return `| ${trade.number} | ${time} | ${trade.side} | ${exact(trade.paid, paid)} | ${exact(trade.got, got)} |`;
  });
  return ["| # | UTC | | paid | got |", "|--:|---|---|---|---|", ...rows].join("\n");
}
