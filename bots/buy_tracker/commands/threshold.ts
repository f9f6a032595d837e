import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { decidablePlace, findPool, wordsOf } from "./asked-place.ts";
import type { Desk } from "./desk.ts";
import { watchedHere } from "./overview.ts";

const amount = /^\d+(\.\d+)?$/;

/** `/threshold AMOUNT [POOL]`: the smallest payment that is told here. */
export function threshold(desk: Desk): BotHandler {
  return async (ctx) => {
    const place = await decidablePlace(ctx, desk);
    if (place === undefined) return;
    const [least, word] = wordsOf(ctx);
    if (least === undefined || !amount.test(least)) {
      await desk.answer(
        ctx,
        `${watchedHere(place, desk)}\n\nUsage: \`/threshold AMOUNT [POOL]\`, in what the pool is paid with.`,
      );
      return;
    }
    const pool = word === undefined ? undefined : findPool(word, desk.book.pools);
    const changed = desk.watches
      .at(place)
      .filter((each) => word === undefined || each.pool === pool);
    for (const each of changed)
      await desk.watches.order({ place, pool: each.pool, threshold: least });
    const none =
      word === undefined
        ? "No pool is watched here."
        : `${markdownText(word)} is not watched here.`;
    await desk.answer(ctx, changed.length === 0 ? none : watchedHere(place, desk));
  };
}
