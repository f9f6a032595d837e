import { defineBot } from "../../shared/bot-runtime/define-bot.ts";

export const publicTradingBot = defineBot({
  name: "public_trading_bot",
  description:
    "Paper trading for everybody in a chat. Its trade comes in a later release; it runs, answers and stops like every bot here.",
  access: "open",
  allowedUpdates: ["message", "callback_query"],
  setup: () => undefined,
});
