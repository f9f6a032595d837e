import type { Clock } from "../clock.ts";
import type { EquippedBot } from "../config/bot-settings.ts";
import { Bot } from "../telegram/bot-api.ts";
import { createKeepAliveFetch } from "../telegram/keep-alive-fetch.ts";
import { ignoreOthersCommands } from "./commands/command-filter.ts";
import { addStandardCommands } from "./commands/standard-commands.ts";
import type { BotCommand, BotDefinition } from "./define-bot.ts";
import type { RuntimeStatus } from "./runtime-status.ts";

/** An upload on a slow line takes its time; ordinary calls take a fraction of a second. */
const sendTimeoutMs = 60_000;

/** The library's Bot with our transport, and what the runtime adds before and after the bot's own handlers. */
export interface TelegramBot {
  readonly bot: Bot;
  /** Call it after the bot's setup: the first handler of a command is the one that answers. */
  addStandardCommands(): void;
  knowUsername(username: string | undefined): void;
  registerCommands(commands: readonly BotCommand[], signal: AbortSignal): Promise<void>;
  close(): void;
}

export function buildBot(
  definition: BotDefinition,
  { settings, token }: EquippedBot,
  status: () => RuntimeStatus,
  clock: Clock,
): TelegramBot {
  // Connections of its own: a parked getUpdates must never hold up an answer. No silent repeats: they could send twice.
  const { fetch, close } = createKeepAliveFetch();
  const bot = new Bot(token, {
    apiRoot: settings.apiRoot,
    fetch,
    maxRetries: 0,
    timeoutMs: sendTimeoutMs,
  });
  let ownUsername: string | undefined;
  // The library would print the error and forget it; it belongs to the runtime.
  bot.catch((error) => {
    throw error;
  });
  bot.use(ignoreOthersCommands(() => ownUsername));
  return {
    bot,
    addStandardCommands() {
      addStandardCommands(bot, definition, status, clock);
    },
    knowUsername(username) {
      ownUsername = username;
    },
    async registerCommands(commands, signal) {
      // On a shared token the menu is main's.
      const ownsMenu = settings.role === "main" || settings.botId !== settings.mainBotId;
      if (ownsMenu) await bot.api.setMyCommands({ commands: [...commands] }, signal);
    },
    close,
  };
}
