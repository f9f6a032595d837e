import type {
  Ledger,
  Order,
  TradeResult,
} from "../../../../bots/public_trading_bot/ledger/ledger.ts";
import { amountOut } from "../../../../shared/chain/amounts/pool-math.ts";

const startCash = 10_000_000_000n;

/** What the books must say, reckoned without the ledger. */
export class Model {
  readonly trades = new Map<string, Order>();
  private readonly told = new Set<string>();
  private readonly held = new Map<string, { cash: bigint; tokens: bigint }>();

  of({ chat, user }: Pick<Order, "chat" | "user">): { cash: bigint; tokens: bigint } {
    return this.held.get(`${chat}/${user}`) ?? { cash: startCash, tokens: 0n };
  }

  /**
   * @param isAlone nothing else of that moment may have spent what the order wanted to pay
   * @throws Error where the answer cannot be
   */
  take(order: Order, result: TradeResult, isAlone: boolean): void {
    const { cash, tokens } = this.of(order);
    if (result.kind === "short") {
      if (isAlone && this.trades.has(order.quote)) throw new Error("a trade was forgotten");
      if (isAlone && order.paid <= (order.side === "buy" ? cash : tokens))
        throw new Error("refused wrongly");
      return;
    }
    if (result.kind === "traded" && this.told.has(order.quote)) throw new Error("traded twice");
    if (result.kind === "traded") this.told.add(order.quote);
    if (this.trades.has(order.quote)) return;
    this.trades.set(order.quote, order);
    this.held.set(
      `${order.chat}/${order.user}`,
      order.side === "buy"
        ? { cash: cash - order.paid, tokens: tokens + order.got }
        : { cash: cash + order.got, tokens: tokens - order.paid },
    );
  }

  differences(ledger: Ledger): string[] {
    return [...this.held].flatMap(([key, { cash, tokens }]) => {
      const [chat = 0, user = 0] = key.split("/").map(Number);
      const book = ledger.book({ chat, user, name: "" }, startCash);
      return book.cash === cash && book.tokens === tokens ? [] : [key];
    });
  }
}

/** An order of one of a few people, most of which they can pay. */
export function randomOrder(random: () => number, number: number, model: Model): Order {
  const person = { chat: Math.floor(random() * 3), user: Math.floor(random() * 4), name: "Ann" };
  const { cash, tokens } = model.of(person);
  const side = random() < 0.5 || tokens === 0n ? "buy" : "sell";
  const thousandths = BigInt(1 + Math.floor(random() * 1_050));
  const paid = ((side === "buy" ? cash : tokens) * thousandths) / 1_000n + 1n;
  const [reserveIn, reserveOut] =
    side === "buy" ? [10n ** 12n, 10n ** 24n] : [10n ** 24n, 10n ** 12n];
  return {
    ...person,
    press: `7/${number}`,
    quote: `7/q${number}`,
    side,
    paid,
    got: amountOut(paid, reserveIn, reserveOut),
    reserveIn,
    reserveOut,
    startCash,
  };
}
