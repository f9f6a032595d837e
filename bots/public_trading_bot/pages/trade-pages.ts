import { priceOf, shortRatio } from "../../../shared/chain/amounts/format-amount.ts";
import { abovePrice, belowPrice } from "../../../shared/chain/amounts/pool-math.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Quote } from "../desk/quotes.ts";
import type { Trade } from "../ledger/ledger-line.ts";
import type { Assets, Depth, Fill, Side } from "../market/market.ts";
import { atLeast, percent, short } from "./amounts.ts";

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
    `In the pool: ${short(depth.tokens, token)} and ${short(depth.cash, cash)}; its fee is ${percent(depth.fee)}.`,
  ].join("\n\n");
}

export function quoteText(quote: Quote, fill: Fill, assets: Assets, lifeMs: number): string {
  const { paid, got } = sides(assets, fill.side);
  const verb = fill.side === "buy" ? "buys" : "sells";
  const symbol = markdownText(assets.token.symbol);
  return [
    `**${markdownText(quote.name)} ${verb} ${symbol}:** ${short(fill.paid, paid)} for about ${short(fill.got, got)}`,
    `That is ${fillPriceText(fill, assets)}, by its fee and the size of the trade. At least ${atLeast(quote.atLeast, got)}, or nothing is traded. Holds for ${lifeMs / 1_000} s.`,
  ].join("\n\n");
}

/** "0.5016 USDC per TKN, 0.31 % above the pool's price": a buyer pays more than that, a seller gets less. */
function fillPriceText(fill: Fill, { cash, token }: Assets): string {
  const [tokens, money] = fill.side === "buy" ? [fill.got, fill.paid] : [fill.paid, fill.got];
  const price = priceOf(
    { amount: tokens, decimals: token.decimals },
    { amount: money, decimals: cash.decimals },
  );
  const [off, where] =
    fill.side === "buy" ? [abovePrice(fill), "above"] : [belowPrice(fill), "below"];
  return `${shortRatio(price)} ${markdownText(cash.symbol)} per ${markdownText(token.symbol)}, ${percent(off)} ${where} the pool's price`;
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
    return `| ${trade.number} | ${time} | ${trade.side} | ${short(trade.paid, paid)} | ${short(trade.got, got)} |`;
  });
  return ["| # | UTC | | paid | got |", "|--:|---|---|---|---|", ...rows].join("\n");
}
