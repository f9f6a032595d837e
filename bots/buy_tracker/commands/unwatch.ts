import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { decidablePlace, findPool, wordsOf } from "./asked-place.ts";
import type { Desk } from "./desk.ts";

/** `/unwatch POOL`, or `/unwatch` for all: nothing of it is told here any more. */
export function unwatch(desk: Desk): BotHandler {
  return async (ctx) => {
    const place = await decidablePlace(ctx, desk);
    if (place === undefined) return;
    const [word] = wordsOf(ctx);
    const here = desk.watches.at(place);
    const pool = word === undefined ? undefined : findPool(word, desk.book.pools);
    const ended = here.filter((each) => word === undefined || each.pool === pool);
    // Also where the configuration watches: what is said here goes over it.
    for (const each of ended) await desk.watches.order({ place, pool: each.pool, threshold: null });
    const what = word === undefined ? "No pool" : markdownText(word);
    if (ended.length === 0)
      await desk.answer(ctx, `${what} ${word === undefined ? "is" : "is not"} watched here.`);
    else
      await desk.answer(
        ctx,
        `${ended.length === 1 ? "One pool is" : `${ended.length} pools are`} not watched here any more. /watch begins again.`,
      );
  };
}
