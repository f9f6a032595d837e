import { defineBot } from "../../shared/bot-runtime/define-bot.ts";

export const buyTracker = defineBot({
  name: "buy_tracker",
  description:
    "Buy tracker: tells of buys in watched pools. Its trade comes in a later release; it runs, answers and stops like every bot here.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query", "my_chat_member"],
  setup: () => undefined,
});
