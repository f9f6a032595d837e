import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { restartedBy } from "../../../shared/contract/alert-button.ts";

/**
 * The restart buttons under the supervisor's alerts: handed to the supervisor, which does it for the allowed users of the
 * configuration. Whoever may talk to main by a group or by a pairing code may not restart bots, and is told so.
 */
export function alertButtons({
  handlingOf,
  askForRestart,
  allowedUsers,
}: Pick<BotContext, "handlingOf" | "askForRestart" | "allowedUsers">): BotHandler {
  return async (ctx, next) => {
    const query = "callback_query" in ctx.update ? ctx.update.callback_query : undefined;
    const bot = restartedBy(query?.data);
    if (bot === undefined || query === undefined) return next();
    if (!allowedUsers.includes(query.from.id)) {
      await ctx.api.answerCallbackQuery({
        callback_query_id: query.id,
        text: "Only the users of TG_ALLOWED_USERS and allowed_users may restart bots.",
        show_alert: true,
      });
      return;
    }
    // It may be this very process that is restarted; the press must not come again afterwards.
    await handlingOf(ctx).handledNow();
    const isAsked = askForRestart(bot, query.from.id);
    await ctx.api.answerCallbackQuery({
      callback_query_id: query.id,
      text: isAsked ? `${bot} is being restarted.` : "No supervisor runs this bot.",
    });
  };
}
