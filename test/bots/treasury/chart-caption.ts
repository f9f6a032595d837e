import { showChart } from "../../../bots/treasury/commands/show-chart.ts";
import type { SpanName } from "../../../bots/treasury/past/course.ts";
import type { Treasury } from "../../../bots/treasury/treasury.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { type Api, Context, type Update } from "../../../shared/telegram/bot-api.ts";

/** What stands below the picture that a bot sends, or what it says instead of one. */
export async function chartCaption(treasury: Treasury, span: SpanName): Promise<string> {
  const said: string[] = [];
  const telegram = {
    answer: async (_: Context, text: string) => void said.push(text),
    outbox: {
      enqueue: ({ params }: { params: { caption?: string } }) => {
        said.push(params.caption ?? "");
        return { accepted: Promise.resolve() };
      },
    },
    signal: new AbortController().signal,
  } as unknown as Pick<BotContext, "answer" | "outbox" | "signal">;
  const update = { update_id: 1, message: { chat: { id: 5, type: "private" } } };
  const ctx = new Context(update as unknown as Update, {} as unknown as Api);
  await showChart(treasury, telegram, span)(ctx, async () => undefined);
  return said.join();
}
