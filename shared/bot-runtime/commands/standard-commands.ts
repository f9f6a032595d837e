import type { Clock } from "../../clock.ts";
import type { Bot, Context } from "../../telegram/bot-api.ts";
import type { BotCommand } from "../define-bot.ts";
import { describeStatus, type RuntimeStatus } from "../runtime-status.ts";
import { reply } from "./reply.ts";
import { switchRich } from "./rich-switch.ts";

/** One table makes the handlers, the help and what Telegram shows in its menu. */
export function commandTable(ownCommands: readonly BotCommand[]): BotCommand[] {
  return [
    { command: "start", description: "What this bot is" },
    { command: "help", description: "All commands" },
    { command: "status", description: "How this bot is doing" },
    { command: "rich", description: "Rich messages in this chat: on or off" },
    ...ownCommands,
  ];
}

export interface StandardCommandParts {
  readonly description: string;
  readonly table: readonly BotCommand[];
  readonly status: () => RuntimeStatus;
  readonly setRich: (chatId: number, on: boolean) => Promise<void>;
  readonly mayDecide: (ctx: Context) => Promise<boolean>;
  readonly clock: Clock;
}

/** `/start`, `/help`, `/status` and `/rich`, the same in every bot. A bot that registered its own first keeps it. */
export function addStandardCommands(
  bot: Bot,
  { description, table, status, setRich, mayDecide, clock }: StandardCommandParts,
): void {
  const richSwitch = { setRich, mayDecide };
  const help = table.map(({ command, description: what }) => `/${command} - ${what}`).join("\n");
  bot.command("start", (ctx) => reply(ctx, `${description}\n\n${help}`));
  bot.command("help", (ctx) => reply(ctx, help));
  bot.command("rich", (ctx) => switchRich(ctx, richSwitch));
  bot.command("status", (ctx) => reply(ctx, describeStatus(status(), clock.now())));
}
