import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import { buyLine } from "../post/buy-text.ts";
import { poolName } from "../watch/tracked-pool.ts";
import { placeOf, wordsOf } from "./asked-place.ts";
import type { Desk } from "./desk.ts";

const usual = 10;
const most = 25;

/** `/recent [COUNT]`: the newest buys of what is watched here. */
export function recent({ ledger, book, watches, chain, answer }: Desk): BotHandler {
  return async (ctx) => {
    const place = placeOf(ctx);
    if (place === undefined) return;
    const asked = Number(wordsOf(ctx)[0] ?? usual);
    const count = Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : usual;
    const here = new Set(watches.at(place).map(({ pool }) => pool));
    const lines = ledger
      .recent(Number.MAX_SAFE_INTEGER)
      .filter(({ pool }) => here.has(pool) && book.pools.has(pool))
      .slice(0, count)
      .map((buy) => {
        const pool = book.of(buy.pool);
        return `- ${timeText(buy.atMs)} ${markdownText(poolName(pool))}: ${buyLine(buy, pool, chain)}`;
      });
    const text =
      lines.length === 0
        ? "No buy has been seen yet of what is watched here. /watch tells what that is."
        : ["The newest buys, times in UTC:", "", ...lines].join("\n");
    await answer(ctx, text);
  };
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString().slice(5, 16).replace("T", " ");
}
