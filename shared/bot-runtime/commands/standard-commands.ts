import type { Clock } from "../../clock.ts";
import type { Bot } from "../../telegram/bot-api.ts";
import type { BotCommand, BotDefinition } from "../define-bot.ts";
import { describeStatus, type RuntimeStatus } from "../runtime-status.ts";
import { reply } from "./reply.ts";

/** One table makes the handlers, the help and what Telegram shows in its menu. */
export function commandTable(definition: BotDefinition): BotCommand[] {
  return [
    { command: "start", description: "What this bot is" },
    { command: "help", description: "All commands" },
    { command: "status", description: "How this bot is doing" },
    ...(definition.commands ?? []),
  ];
}

/** `/start`, `/help` and `/status`, the same in every bot. A bot that registered its own first keeps it. */
export function addStandardCommands(
  bot: Bot,
  definition: BotDefinition,
  status: () => RuntimeStatus,
  clock: Clock,
): void {
  const help = commandTable(definition)
    .map(({ command, description }) => `/${command} - ${description}`)
    .join("\n");
  bot.command("start", (ctx) => reply(ctx, `${definition.description}\n\n${help}`));
  bot.command("help", (ctx) => reply(ctx, help));
  bot.command("status", (ctx) => reply(ctx, describeStatus(status(), clock.now())));
}
