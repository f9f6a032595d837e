import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { simulatedMark } from "../pages/marks.ts";
import { chartButtons, type Treasury } from "../treasury.ts";

/** `/treasury`: what is held now. */
export function showHoldings(
  treasury: Treasury,
  { answer, answerAt, signal }: Pick<BotContext, "answer" | "answerAt" | "signal">,
): BotHandler {
  return async (ctx) => {
    const { chain, log } = treasury.parts;
    const { chatId, topicId } = conversationOf(ctx.update);
    if (chatId === undefined) return;
    try {
      const page = treasury.page("Treasury", await treasury.look(signal));
      const place = { chatId, ...(topicId === undefined ? {} : { topicId }) };
      await answerAt(place, `treasury ${ctx.update.update_id}`, page, chartButtons);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      log.warn("the holdings could not be read", { error });
      await answer(
        ctx,
        `${simulatedMark(chain)}The chain cannot be asked just now. Try again in a while.`,
      );
    }
  };
}
