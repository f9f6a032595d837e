import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { GroupCommit } from "../../../shared/storage/group-commit.ts";
import { type Book, type BookKey, type Books, openedBook } from "./books.ts";
import { encodeLine, type LedgerLine, type Opened, type Trade } from "./ledger-line.ts";
import { type LedgerStorage, readLedger } from "./read-ledger.ts";

export interface Person extends BookKey {
  readonly name: string;
}

/** A filling that somebody has confirmed. */
export interface Order
  extends Person,
    Pick<Trade, "press" | "quote" | "side" | "paid" | "got" | "reserveIn" | "reserveOut"> {
  /** What the book begins with, if this is its first trade. */
  readonly startCash: bigint;
}

export type TradeResult =
  | { readonly kind: "traded"; readonly trade: Trade }
  /** The quote was traded before; nothing was traded now. */
  | { readonly kind: "before"; readonly trade: Trade }
  /** There is less than the order pays. */
  | { readonly kind: "short"; readonly has: bigint };

export interface LedgerOptions {
  readonly storage: LedgerStorage;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Who has what, on paper. A file that only grows: what it says is on the disk before anybody is told. One thing after
 * the other, so that nobody spends the same cash twice. One process at a time.
 */
export class Ledger {
  readonly books: Pick<Books, "inChat" | "tradeOf">;
  private readonly all: Books;
  private readonly commits: GroupCommit;
  private readonly options: LedgerOptions;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(options: LedgerOptions, books: Books, commits: GroupCommit) {
    this.options = options;
    this.all = books;
    this.books = books;
    this.commits = commits;
  }

  /** @throws the system's error */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const { storage, log } = options;
    const { books, length } = await readLedger(storage, log);
    const file = await storage.openForAppend();
    return new Ledger(options, books, new GroupCommit(file, length, async () => undefined));
  }

  /** The book of somebody; one that is not begun yet as it would begin. */
  book(person: Person, startCash: bigint): Book {
    return this.all.get(person) ?? openedBook(this.opening(person, startCash, ""), undefined);
  }

  /** @throws the system's error; then nothing was traded, and nothing will appear later */
  trade(order: Order): Promise<TradeResult> {
    return this.inTurn(async () => {
      const before = this.all.tradeOf(order.quote);
      if (before !== undefined) return { kind: "before", trade: before };
      const isNew = this.all.get(order) === undefined;
      const book = this.book(order, order.startCash);
      const [cash, tokens] =
        order.side === "buy"
          ? [book.cash - order.paid, book.tokens + order.got]
          : [book.cash + order.got, book.tokens - order.paid];
      if (cash < 0n || tokens < 0n)
        return { kind: "short", has: order.side === "buy" ? book.cash : book.tokens };
      const trade: Trade = {
        t: "trade",
        ...pick(order),
        atMs: this.options.clock.now(),
        number: book.tradeNumber + 1,
        cash,
        tokens,
      };
      await this.write(
        isNew ? [this.opening(order, order.startCash, order.press), trade] : [trade],
      );
      return { kind: "traded", trade };
    });
  }

  /** Begins a book anew, once per cause. @throws the system's error; then all is as it was */
  reset(person: Person, startCash: bigint, cause: string): Promise<void> {
    return this.inTurn(async () => {
      if (this.all.get(person)?.openedBy === cause) return;
      await this.write([this.opening(person, startCash, cause)]);
    });
  }

  /** Everything said is on the disk when it resolves. */
  async close(): Promise<void> {
    await this.last.catch(() => undefined);
    await this.commits.close();
  }

  private opening({ chat, user, name }: Person, cash: bigint, cause: string): Opened {
    return { t: "opened", chat, user, name, atMs: this.options.clock.now(), cause, cash };
  }

  private write(lines: readonly LedgerLine[]): Promise<void> {
    return this.commits.commit(lines.map(encodeLine).join(""), () => {
      for (const line of lines) this.all.apply(line);
    });
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.last.then(action);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** An order may carry more than a line has. */
function pick(order: Order): Omit<Trade, "t" | "atMs" | "number" | "cash" | "tokens"> {
  const { chat, user, name, press, quote, side, paid, got, reserveIn, reserveOut } = order;
  return { chat, user, name, press, quote, side, paid, got, reserveIn, reserveOut };
}
