import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { chartButtons, type Treasury } from "../treasury.ts";
import { toldTrouble } from "./told-trouble.ts";

/** `/treasury`: what is held now. */
export function showHoldings(
  treasury: Treasury,
  { answer, answerAt, signal }: Pick<BotContext, "answer" | "answerAt" | "signal">,
): BotHandler {
  return toldTrouble(treasury, answer, async (ctx) => {
    const { chatId, topicId } = conversationOf(ctx.update);
    if (chatId === undefined) return;
    const page = treasury.page("Treasury", await treasury.look(signal));
    const place = { chatId, ...(topicId === undefined ? {} : { topicId }) };
    await answerAt(place, `treasury ${ctx.update.update_id}`, page, chartButtons, ctx);
  });
}
