import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import { pressed } from "../desk/asked.ts";
import type { Desk } from "../desk/desk.ts";
import type { Quote } from "../desk/quotes.ts";
import type { Trade } from "../ledger/ledger-line.ts";
import { fillFrom } from "../market/market.ts";
import { tradeText } from "../pages/trade-pages.ts";

/** A press under a quote: taken or left. @param update of the command that asked for the quote */
export function answerQuote(desk: Desk, action: "take" | "leave", update: string): BotHandler {
  return pressed(desk, async (ctx, person) => {
    const { ledger, quotes } = desk.parts;
    const id = `${desk.parts.botId()}/${update}`;
    const done = ledger.books.tradeOf(id);
    if (done !== undefined) return tellTrade(desk, ctx, done);
    const quote = quotes.get(id);
    if (quote === undefined) {
      await desk.settle(ctx, `gone ${id}`, "⌛ This quote has expired; nothing was traded.");
      return desk.hear(ctx);
    }
    if (quote.user !== person.user) return desk.hear(ctx, "This quote is somebody else's.");
    if (action === "leave") {
      quotes.remove(id);
      await desk.settle(ctx, `gone ${id}`, "✖ Left; nothing was traded.");
      return desk.hear(ctx);
    }
    return take(desk, ctx, quote);
  });
}

/** As on the chain: filled at the price of this moment, and not at all below what was promised. */
async function take(desk: Desk, ctx: Context, quote: Quote): Promise<void> {
  const { market, ledger, quotes, signal } = desk.parts;
  const assets = await market.assets(signal);
  const fill = fillFrom(await market.depth(signal), quote.side, quote.paid);
  if (fill.got < quote.atLeast) {
    quotes.remove(quote.id);
    await desk.settle(
      ctx,
      `gone ${quote.id}`,
      "↩ The price has moved too far; nothing was traded. Ask again.",
    );
    return desk.hear(ctx);
  }
  const { chat, user, name, side, id } = quote;
  const result = await ledger.trade({
    chat,
    user,
    name,
    side,
    press: desk.idOf(ctx),
    quote: id,
    paid: fill.paid,
    got: fill.got,
    reserveIn: fill.reserveIn,
    reserveOut: fill.reserveOut,
    startCash: desk.startCash(assets),
  });
  quotes.remove(id);
  if (result.kind !== "short") return tellTrade(desk, ctx, result.trade);
  await desk.settle(ctx, `gone ${id}`, "There is not so much any more; nothing was traded.");
  return desk.hear(ctx);
}

/** However often it is pressed or handled: the same words, said once. */
async function tellTrade(desk: Desk, ctx: Context, trade: Trade): Promise<void> {
  const assets = await desk.parts.market.assets(desk.parts.signal);
  await desk.settle(ctx, `trade ${trade.quote}`, tradeText(trade, assets));
  await desk.hear(ctx, trade.press === desk.idOf(ctx) ? "" : "This was traded before, once.");
}
