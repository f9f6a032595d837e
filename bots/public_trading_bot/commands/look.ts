import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { asked } from "../desk/asked.ts";
import type { Desk } from "../desk/desk.ts";
import type { Book } from "../ledger/books.ts";
import type { Assets, Depth } from "../market/market.ts";
import { leaderboardText, portfolioText } from "../pages/book-pages.ts";
import { historyText, priceText } from "../pages/trade-pages.ts";

/** What a page is made from. */
interface View {
  readonly assets: Assets;
  readonly depth: Depth;
  readonly book: Book;
  /** Everybody's of this chat. */
  readonly books: readonly Book[];
}

const pages = {
  price: ({ assets, depth }: View) => priceText(assets, depth),
  portfolio: ({ book, assets, depth }: View) => portfolioText(book, assets, depth),
  history: ({ book, assets }: View) => historyText(book.trades, assets),
  leaderboard: ({ books, assets, depth }: View) => leaderboardText(books, assets, depth),
} as const;

/** The commands that only show something. */
export function look(desk: Desk, page: keyof typeof pages): BotHandler {
  return asked(desk, async (ctx, person) => {
    const { market, ledger, signal } = desk.parts;
    const assets = await market.assets(signal);
    const depth = await market.depth(signal);
    const book = ledger.book(person, desk.startCash(assets));
    const books = ledger.books.inChat(person.chat);
    await desk.say(ctx, pages[page]({ assets, depth, book, books }));
  });
}
