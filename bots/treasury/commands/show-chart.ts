import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { storedFile } from "../../../shared/outbound/queue/stored-file.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { valueChart } from "../chart/value-chart.ts";
import { changeText } from "../pages/marks.ts";
import type { Treasury } from "../treasury.ts";
import { toldTrouble } from "./told-trouble.ts";

const dayMs = 86_400_000;
const spans = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
export type SpanName = keyof typeof spans;

export function spanOf(word: string): SpanName | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === "") return "day";
  return wanted === "day" || wanted === "week" || wanted === "month" ? wanted : undefined;
}

/** Sends the course of the value as a picture: once for this update, and as durable as every answer. */
export function showChart(
  treasury: Treasury,
  { answer, outbox, signal }: Pick<BotContext, "answer" | "outbox" | "signal">,
  span: SpanName,
): BotHandler {
  return toldTrouble(treasury, answer, async (ctx) => {
    const { chain, options, history, holdings, clock } = treasury.parts;
    const { chatId, topicId } = conversationOf(ctx.update);
    const unit = await holdings.assets.unit(signal);
    const samples = history.samples.filter(({ atMs }) => atMs >= clock.now() - spans[span]);
    const [first, last] = [samples[0], samples.at(-1)];
    if (chatId === undefined) return;
    if (unit === undefined)
      return answer(ctx, "No unit is configured, so there is no value to draw.");
    if (first === undefined || last === undefined || samples.length < 2)
      return answer(
        ctx,
        "There is too little history for a picture yet. Try again in ten minutes.",
      );
    const mark = chain.simulated ? "Simulated market, nothing of it is real. " : "";
    const words = `${mark}Last ${span}: ${changeText(first.value, last.value)}`;
    const picture = valueChart(samples, {
      title: `Treasury in ${unit.label}`,
      subtitle: words,
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
        caption: words,
      },
      cause: { updates: [ctx.update.update_id] },
      answerId: `chart ${ctx.update.update_id}`,
    });
    await receipt.accepted;
  });
}
