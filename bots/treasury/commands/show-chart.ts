import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { markedPlain } from "../../../shared/chain/simulated/simulated-mark.ts";
import { storedFile } from "../../../shared/outbound/queue/stored-file.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { valueChart } from "../chart/value-chart.ts";
import { courseText } from "../pages/course-words.ts";
import type { SpanName } from "../past/course.ts";
import type { Treasury } from "../treasury.ts";
import { toldTrouble } from "./told-trouble.ts";

/** Sends the course of the value as a picture: once for this update, and as durable as every answer. */
export function showChart(
  treasury: Treasury,
  { answer, outbox, signal }: Pick<BotContext, "answer" | "outbox" | "signal">,
  span: SpanName,
): BotHandler {
  return toldTrouble(treasury, answer, async (ctx) => {
    const { chain, options } = treasury.parts;
    const { chatId, topicId } = conversationOf(ctx.update);
    const snapshot = await treasury.look(signal);
    const { unit } = snapshot;
    const course = treasury.course(span, snapshot);
    if (chatId === undefined) return;
    if (unit === undefined)
      return answer(ctx, "No unit is configured, so there is no value to draw.");
    if (course === undefined)
      return answer(
        ctx,
        "There is too little history for a picture yet. Try again in ten minutes.",
      );
    const words = courseText(course, options.time_zone);
    const picture = valueChart(course.samples, {
      title: `Treasury in ${unit.label}`,
      subtitle: markedPlain(chain, words),
      decimals: unit.decimals,
      zone: options.time_zone,
    });
    const receipt = outbox.enqueue({
      kind: "answer",
      method: "sendPhoto",
      params: {
        chat_id: chatId,
        ...(topicId === undefined ? {} : { message_thread_id: topicId }),
        photo: storedFile("treasury.png", picture, "image/png"),
        caption: markedPlain(chain, words),
      },
      cause: { updates: [ctx.update.update_id] },
      answerId: `chart ${ctx.update.update_id}`,
    });
    await receipt.accepted;
  });
}
