import type { Corrected, LedgerLine, Opened, Trade } from "./ledger-line.ts";

/** Whose book: people trade for themselves in each chat. */
export interface BookKey {
  readonly chat: number;
  readonly user: number;
}

/** What one person has in one chat, on paper. Amounts in the smallest units. */
export interface Book extends BookKey {
  readonly name: string;
  readonly cash: bigint;
  readonly tokens: bigint;
  /** What it began with, the last time. */
  readonly startCash: bigint;
  readonly openedAtMs: number;
  /** The update that opened it. */
  readonly openedBy: string;
  readonly resets: number;
  /** Of the last trade, over all resets. */
  readonly tradeNumber: number;
  /** Since it was opened last, oldest first, the newest {@link keptTrades} of them. */
  readonly trades: readonly Trade[];
}

const keptTrades = 20;

/** What the lines of a ledger add up to. No I/O. */
export class Books {
  private readonly books = new Map<string, Book>();
  /** By the update that asked for the quote. */
  private readonly tradesByQuote = new Map<string, Trade>();

  get(key: BookKey): Book | undefined {
    return this.books.get(keyOf(key));
  }

  inChat(chat: number): Book[] {
    return [...this.books.values()].filter((book) => book.chat === chat);
  }

  /** The trade that a quote has become. */
  tradeOf(quote: string): Trade | undefined {
    return this.tradesByQuote.get(quote);
  }

  /** What a line says that cannot be, in words; undefined for one that follows from those before it. */
  findFault(line: LedgerLine): string | undefined {
    if (line.t !== "trade") return undefined;
    if (this.tradesByQuote.has(line.quote)) return "the same quote was traded before";
    const book = this.get(line);
    if (book === undefined) return "there is no book for it";
    if (line.number !== book.tradeNumber + 1) return "trades before it are missing";
    const before = balancesBefore(line);
    return before.cash === book.cash && before.tokens === book.tokens
      ? undefined
      : "its balances are not the sum of the trades";
  }

  apply(line: LedgerLine): void {
    const key = keyOf(line);
    const book = this.books.get(key);
    switch (line.t) {
      case "opened":
        this.books.set(key, openedBook(line, book));
        return;
      case "corrected":
        if (book !== undefined)
          this.books.set(key, {
            ...book,
            cash: line.cash,
            tokens: line.tokens,
            tradeNumber: line.number,
          });
        return;
      case "trade":
        if (book === undefined) return;
        this.tradesByQuote.set(line.quote, line);
        this.books.set(key, {
          ...book,
          name: line.name,
          cash: line.cash,
          tokens: line.tokens,
          tradeNumber: line.number,
          trades: [...book.trades, line].slice(-keptTrades),
        });
        return;
    }
  }

  /** The lines that make good what is missing before a trade: it knows what the book held after it, and so before it. */
  amends(trade: Trade): (Opened | Corrected)[] {
    const { chat, user, name, atMs } = trade;
    const { cash, tokens } = balancesBefore(trade);
    const owner = { chat, user, name, atMs };
    const opened: Opened = { t: "opened", ...owner, cause: "repair", cash };
    const number = trade.number - 1;
    const corrected: Corrected = { t: "corrected", ...owner, number, cash, tokens };
    return this.get(trade) === undefined ? [opened, corrected] : [corrected];
  }
}

/** As it begins, or begins anew. */
export function openedBook(line: Opened, before: Book | undefined): Book {
  return {
    chat: line.chat,
    user: line.user,
    name: line.name,
    cash: line.cash,
    tokens: 0n,
    startCash: line.cash,
    openedAtMs: line.atMs,
    openedBy: line.cause,
    resets: before === undefined ? 0 : before.resets + 1,
    tradeNumber: before?.tradeNumber ?? 0,
    trades: [],
  };
}

function balancesBefore({ side, paid, got, cash, tokens }: Trade): {
  cash: bigint;
  tokens: bigint;
} {
  return side === "buy"
    ? { cash: cash + paid, tokens: tokens - got }
    : { cash: cash - got, tokens: tokens + paid };
}

function keyOf({ chat, user }: BookKey): string {
  return `${chat}/${user}`;
}
