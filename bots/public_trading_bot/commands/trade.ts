import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { asked } from "../desk/asked.ts";
import type { Desk } from "../desk/desk.ts";
import { readWish } from "../desk/order.ts";
import { fillFrom, type Side } from "../market/market.ts";
import { quoteText, sides } from "../pages/trade-pages.ts";

const allParts = 10_000n;

/** `/buy` and `/sell`: what the pool would give, with a button to take it. */
export function trade(desk: Desk, side: Side): BotHandler {
  return asked(desk, async (ctx, person) => {
    const { market, ledger, quotes, options, signal } = desk.parts;
    const assets = await market.assets(signal);
    const book = ledger.book(person, desk.startCash(assets));
    const { paid } = sides(assets, side);
    const words = typeof ctx.match === "string" ? ctx.match : "";
    const wish = readWish(words, side === "buy" ? book.cash : book.tokens, paid);
    if (wish.kind === "problem") return desk.say(ctx, markdownText(wish.text));
    const fill = fillFrom(await market.depth(signal), side, wish.amount);
    if (fill.got === 0n) return desk.say(ctx, "That is too little: the pool would give nothing.");
    const quote = {
      ...person,
      id: desk.idOf(ctx),
      side,
      paid: fill.paid,
      atLeast: (fill.got * (allParts - options.maxSlippage)) / allParts,
    };
    quotes.add(quote);
    const update = ctx.update.update_id;
    await desk.ask(ctx, quoteText(quote, fill, assets, options.quoteLifeMs), {
      inline_keyboard: [
        [
          { text: side === "buy" ? "✅ Buy" : "✅ Sell", callback_data: `take:${update}` },
          { text: "✖ Leave it", callback_data: `leave:${update}` },
        ],
      ],
    });
  });
}
