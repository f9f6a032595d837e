import { defineBot } from "../../shared/bot-runtime/define-bot.ts";

export const treasury = defineBot({
  name: "treasury",
  description:
    "Treasury: watches the balances of wallets. Its trade comes in a later release; it runs, answers and stops like every bot here.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query"],
  setup: () => undefined,
});
