import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";

/** Answers plain text by naming the bot and the update, so that a person sees the whole way work. Reads Markdown. */
export function echo(botName: string, answer: BotContext["answer"]): BotHandler {
  return async (ctx, next) => {
    const text = ctx.message?.text;
    if (text === undefined || text.startsWith("/")) return next();
    return answer(ctx, `${botName} received update ${ctx.update.update_id}: ${text}`);
  };
}
