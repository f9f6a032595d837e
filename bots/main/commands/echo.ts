import { type BotHandler, reply } from "../../../shared/bot-runtime/commands/reply.ts";

/** Answers plain text by naming the bot and the update, so that a person sees the whole way work. */
export function echo(botName: string): BotHandler {
  return async (ctx, next) => {
    const text = ctx.message?.text;
    if (text === undefined || text.startsWith("/")) return next();
    return reply(ctx, `${botName} received update ${ctx.update.update_id}: ${text}`);
  };
}
