import type { EquippedBot } from "../../config/bot-settings.ts";
import { Bot, type Context } from "../../telegram/bot-api.ts";
import { createKeepAliveFetch } from "../../telegram/keep-alive-fetch.ts";
import { TaggingApi } from "./tagging-api.ts";

/** An upload on a slow line takes its time; ordinary calls take a fraction of a second. */
const sendTimeoutMs = 60_000;

export interface TelegramBot {
  readonly bot: Bot;
  readonly close: () => void;
}

/**
 * The library's Bot with our transport.
 * @param tagsButtons on a shared token, for all but the default bot
 */
export function buildBot({ settings, token }: EquippedBot, tagsButtons: boolean): TelegramBot {
  // Connections of its own: a parked getUpdates must never hold up an answer. No silent repeats: they could send twice.
  const { fetch, close } = createKeepAliveFetch({ answerWithinMs: sendTimeoutMs });
  // The time limit is our transport's.
  const options = { apiRoot: settings.apiRoot, fetch, maxRetries: 0, timeoutMs: 0 };
  const bot = new Bot(token, options);
  // The library takes no Api of ours; contexts and handlers read this property.
  if (tagsButtons)
    Object.defineProperty(bot, "api", { value: new TaggingApi(settings.name, token, options) });
  // The library would print the error and forget it; it belongs to the runtime.
  bot.catch((error) => {
    throw error;
  });
  bot.use(inLowerCase);
  return { bot, close };
}

/** Keyboards of telephones begin with a capital: `/Stop` is `/stop` for the library, too, which would not know it. */
function inLowerCase({ message, channelPost }: Context, next: () => Promise<void>): Promise<void> {
  const said = message ?? channelPost;
  // Nothing that comes from outside is believed to be what its type says.
  if (typeof said?.text === "string")
    said.text = said.text.replace(/^\/\w+(?=@|\s|$)/, (name) => name.toLowerCase());
  return next();
}
