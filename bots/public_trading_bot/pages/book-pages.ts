import { changePercent } from "../../../shared/chain/amounts/format-amount.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Book } from "../ledger/books.ts";
import { type Assets, type Depth, worth } from "../market/market.ts";
import { short } from "./amounts.ts";

const shownPlayers = 10;

export function portfolioText(book: Book, assets: Assets, depth: Depth): string {
  const value = worth(book, depth);
  return [
    `**${markdownText(book.name)}** in this chat: ${short(book.cash, assets.cash)} and ${short(book.tokens, assets.token)}`,
    `Worth ${short(value, assets.cash)}, all sold now (${changePercent(book.startCash, value)} since the start with ${short(book.startCash, assets.cash)})`,
  ].join("\n\n");
}

/** The best first; of two alike, who began earlier. */
export function leaderboardText(books: readonly Book[], assets: Assets, depth: Depth): string {
  if (books.length === 0) return "Nobody has traded in this chat yet. Begin with /buy 100";
  const ranked = books
    .map((book) => ({ book, value: worth(book, depth) }))
    .toSorted((a, b) => compare(b, a) || a.book.openedAtMs - b.book.openedAtMs);
  const rows = ranked.slice(0, shownPlayers).map(({ book, value }, index) => {
    const resets = book.resets === 0 ? "" : `, started anew ${book.resets}×`;
    return `${index + 1}. **${markdownText(book.name)}** ${short(value, assets.cash)} (${changePercent(book.startCash, value)}${resets})`;
  });
  const rest = ranked.length > shownPlayers ? [`and ${ranked.length - shownPlayers} more`] : [];
  return [rows.join("\n"), ...rest].join("\n\n");
}

/** By what they have made of their start, which need not have been the same for all. */
function compare(
  a: { readonly book: Book; readonly value: bigint },
  b: { readonly book: Book; readonly value: bigint },
): number {
  const difference = a.value * b.book.startCash - b.value * a.book.startCash;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}
