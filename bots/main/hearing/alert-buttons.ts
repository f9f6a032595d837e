import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { restartedBy } from "../../../shared/contract/alert-button.ts";

/** The restart buttons under the supervisor's alerts: handed to the supervisor, which does it. */
export function alertButtons({
  handlingOf,
  askForRestart,
}: Pick<BotContext, "handlingOf" | "askForRestart">): BotHandler {
  return async (ctx, next) => {
    const query = "callback_query" in ctx.update ? ctx.update.callback_query : undefined;
    const bot = restartedBy(query?.data);
    if (bot === undefined || query === undefined) return next();
    // It may be this very process that is restarted; the press must not come again afterwards.
    await handlingOf(ctx).handledNow();
    const isAsked = askForRestart(bot, query.from.id);
    await ctx.api.answerCallbackQuery({
      callback_query_id: query.id,
      text: isAsked ? `${bot} is being restarted.` : "No supervisor runs this bot.",
    });
  };
}
