import { commandOf } from "../../dispatch/command-of.ts";
import type { Bot } from "../../telegram/bot-api.ts";
import type { BotCommand } from "../define-bot.ts";
import { reply } from "./reply.ts";

/**
 * What nothing else has heard gets a short answer, where a person is alone with the bot: silence looks like a bot that is
 * down. Register it last. In groups people do not talk to the bot, and on a shared token it is main who hears them.
 */
export function answerUnknownWords(bot: Bot, [example]: readonly BotCommand[]): void {
  const instance = example === undefined ? "" : `, for instance /${example.command}`;
  bot.on("message", async (ctx, next) => {
    const { message } = ctx;
    if (message?.chat.type !== "private" || message.text === undefined) return next();
    const command = commandOf(ctx.update)?.name;
    const begin = command === undefined ? "" : `I do not know /${command}. `;
    return reply(ctx, `${begin}I understand commands only${instance}. /help lists them all.`);
  });
}
