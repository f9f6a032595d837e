import { defineBot } from "../../shared/bot-runtime/define-bot.ts";
import { alertButtons } from "./commands/alert-buttons.ts";
import { echo } from "./commands/echo.ts";
import { fleetStatus } from "./commands/fleet-status.ts";

export const main = defineBot({
  name: "main",
  description:
    "The main bot of this fleet. It will run coding agents; until then it answers plain text with an echo.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query"],
  stopDeadlineMs: 15_000,
  setup({ bot, answer, status, fleet, handlingOf, askForRestart }) {
    bot.on("callback_query", alertButtons({ handlingOf, askForRestart }));
    bot.command("status", fleetStatus(status, fleet));
    bot.on("message", echo("main", answer));
  },
});
