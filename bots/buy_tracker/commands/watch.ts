import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { Address } from "../../../shared/chain/chain.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { ConfigurationError } from "../../../shared/errors.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { PostPlace } from "../ledger/post.ts";
import { poolName, type TrackedPool } from "../watch/tracked-pool.ts";
import { decidablePlace, findPool, wordsOf } from "./asked-place.ts";
import type { Desk } from "./desk.ts";
import { watchedHere } from "./overview.ts";
import { asked, watchButtons } from "./watch-buttons.ts";

const amount = /^\d+(\.\d+)?$/;
const usage =
  "Usage: `/watch POOL [THRESHOLD]`, where POOL is the address of a Uniswap-v2 pair or a name that is known here, and THRESHOLD the smallest payment to be told of.";

/** `/watch`: buys of a pool are told here from now on. Without words: what is watched, and what could be. */
export function watch(desk: Desk): BotHandler {
  return async (ctx) => {
    const place = await decidablePlace(ctx, desk);
    if (place === undefined) return;
    const [word, threshold] = wordsOf(ctx);
    if (word === undefined) {
      const text = `${watchedHere(place, desk)}\n\n${knownPools(desk)}\n\n${usage}`;
      const key = `watch ${ctx.update.update_id}`;
      await desk.answerAt(asked(place), key, text, watchButtons(place, desk), ctx);
      return;
    }
    await desk.answer(ctx, await watched(place, word, threshold, desk));
  };
}

/** Orders it and says so, or says why not. */
async function watched(
  place: PostPlace,
  word: string,
  threshold: string | undefined,
  desk: Desk,
): Promise<string> {
  const pool = findPool(word, desk.book.pools);
  if (pool === "several") return `Several pools go by ${markdownText(word)}; give its address.`;
  if (pool === undefined || (threshold !== undefined && !amount.test(threshold))) return usage;
  const tracked = await look(pool, desk);
  if (typeof tracked === "string") return tracked;
  const before = desk.watches.at(place).find((each) => each.pool === pool);
  const least = threshold ?? before?.threshold ?? desk.threshold;
  await desk.watches.order({ place, pool, threshold: least });
  const symbol = markdownText(tracked.quote.symbol);
  return `Buys of ${markdownText(tracked.base.symbol)} in ${markdownText(poolName(tracked))} are told here, from ${least} ${symbol}.`;
}

/** What the chain says of it, or why it cannot be watched. */
async function look(pool: Address, { book, chain, signal }: Desk): Promise<TrackedPool | string> {
  try {
    return await book.look(pool, signal);
  } catch (error) {
    if (error instanceof ConfigurationError) return markdownText(error.message);
    if (!(error instanceof ChainError)) throw error;
    return error.trouble === "strange_contract"
      ? `\`${pool}\` is no Uniswap-v2 pair on ${markdownText(chain.name)}.`
      : `${markdownText(chain.name)} cannot be asked at the moment. Try again later.`;
  }
}

function knownPools({ book }: Desk): string {
  const names = [...book.pools.values()].map(
    (pool) => `${markdownText(poolName(pool))} (\`${pool.pool}\`)`,
  );
  return names.length === 0 ? "No pool is known yet." : `Known pools: ${names.join(", ")}.`;
}
