import { join } from "node:path";
import { type BotContext, defineBot } from "../../shared/bot-runtime/define-bot.ts";
import { openChain } from "../../shared/chain/open-chain.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Bot } from "../../shared/telegram/bot-api.ts";
import { answerQuote } from "./commands/answer-quote.ts";
import { look } from "./commands/look.ts";
import { answerReset, askReset } from "./commands/reset.ts";
import { trade } from "./commands/trade.ts";
import { CommandRate } from "./desk/command-rate.ts";
import { Desk } from "./desk/desk.ts";
import { Quotes } from "./desk/quotes.ts";
import { Ledger } from "./ledger/ledger.ts";
import { ledgerStorage } from "./ledger/ledger-storage.ts";
import { Market } from "./market/market.ts";
import { readOptions } from "./options.ts";

export const publicTradingBot = defineBot({
  name: "public_trading_bot",
  description:
    "Paper trading for everybody in a chat: no real money, real arithmetic. Begin with /price and /buy 100.",
  access: "open",
  allowedUpdates: ["message", "callback_query"],
  commands: [
    { command: "price", description: "What the token costs now" },
    { command: "buy", description: "Buy on paper: /buy 100, or /buy all" },
    { command: "sell", description: "Sell on paper: /sell 5, or /sell all" },
    { command: "portfolio", description: "What you have in this chat" },
    { command: "history", description: "Your last paper trades" },
    { command: "leaderboard", description: "Who has made most of the start" },
    { command: "reset", description: "Begin anew" },
  ],
  check: ({ config }) => void readOptions(config),
  async setup(context) {
    const desk = await openDesk(context);
    const { bot } = context;
    for (const page of ["price", "portfolio", "history", "leaderboard"] as const)
      bot.command(page, look(desk, page));
    for (const side of ["buy", "sell"] as const) bot.command(side, trade(desk, side));
    bot.command("reset", askReset(desk));
    listenToButtons(bot, desk);
  },
});

async function openDesk(context: BotContext): Promise<Desk> {
  const { config, stateDir, status, signal, log, onStop } = context;
  const clock = systemClock;
  const options = readOptions(config);
  const chain = await openChain(options.chain, { clock, random: Math.random, log });
  // Another pool, or its other token, is another game.
  const name = [chain.id, options.pool, options.token ?? "first"].join("-");
  const path = join(stateDir, "public_trading_bot", `${name}.jsonl`);
  const ledger = await Ledger.open({ storage: ledgerStorage(path, clock), clock, log });
  onStop(() => ledger.close());
  return new Desk({
    market: new Market(chain, options.pool, options.token, options.poolFee),
    ledger,
    quotes: new Quotes(clock, options.quoteLifeMs),
    rate: new CommandRate(options.commandsPerMinute, clock),
    options,
    botId: () => status().botId,
    telegram: context,
    signal,
    clock,
    log,
  });
}

function listenToButtons(bot: Bot, desk: Desk): void {
  bot.on("callback_query", (ctx, next) => {
    const data = ctx.callbackQuery?.data ?? "";
    // A question that was asked before its update stood in the button counts by the press.
    const [, action, about = "", question = String(ctx.update.update_id)] =
      /^(\w+):(\d+)(?::(\d+))?$/.exec(data) ?? [];
    if (action === "take" || action === "leave") return answerQuote(desk, action, about)(ctx, next);
    if (action === "reset" || action === "keep")
      return answerReset(desk, action, Number(about), question)(ctx, next);
    return next();
  });
}
