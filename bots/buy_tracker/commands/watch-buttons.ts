import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Address } from "../../../shared/chain/chain.ts";
import { markedPlain } from "../../../shared/chain/simulated/simulated-mark.ts";
import type { PostPlace } from "../ledger/post.ts";
import { poolName } from "../watch/tracked-pool.ts";
import { placeOf, refusal } from "./asked-place.ts";
import type { Desk } from "./desk.ts";
import { watchedHere } from "./overview.ts";

type Keyboard = NonNullable<Parameters<BotContext["answerAt"]>[3]>;

/** `watch 0x...` or `unwatch 0x...`: 50 bytes, of the 58 that a shared token leaves. */
const pressed = /^(watch|unwatch) 0x([0-9a-f]{40})$/;

/** A button for each known pool: to watch it here, or to stop that. */
export function watchButtons(place: PostPlace, { book, watches }: Desk): Keyboard {
  const here = new Set(watches.at(place).map(({ pool }) => pool));
  return {
    inline_keyboard: [...book.pools.values()].map((pool) => {
      const [order, words] = here.has(pool.pool) ? ["unwatch", "Stop"] : ["watch", "Watch"];
      return [{ text: `${words} ${poolName(pool)}`, callback_data: `${order} ${pool.pool}` }];
    }),
  };
}

/** A press of one of them: done, and shown in the same message. */
export function pressWatchButton(desk: Desk): BotHandler {
  return async (ctx, next) => {
    const query = ctx.callbackQuery;
    const match = pressed.exec(query?.data ?? "");
    const place = placeOf(ctx);
    if (query === undefined || match === null || place === undefined) return next();
    const mayDo = await desk.mayDecide(ctx);
    if (mayDo) await obey(place, match[1] === "watch", `0x${match[2] ?? ""}`, desk);
    const text = mayDo ? "Done." : refusal;
    await ctx.api.answerCallbackQuery({
      callback_query_id: query.id,
      text: markedPlain(desk.chain, text),
    });
    const messageId = query.message?.message_id;
    if (!mayDo || messageId === undefined) return undefined;
    const key = `watch buttons ${ctx.update.update_id}`;
    const buttons = watchButtons(place, desk);
    const page = watchedHere(place, desk);
    await desk.editAt(asked(place), messageId, key, page, buttons, ctx);
    return undefined;
  };
}

async function obey(
  place: PostPlace,
  isWatch: boolean,
  pool: Address,
  { watches, threshold }: Desk,
): Promise<void> {
  const before = watches.at(place).find((each) => each.pool === pool)?.threshold;
  await watches.order({ place, pool, threshold: isWatch ? (before ?? threshold) : null });
}

/** A place as the outbox has it. */
export function asked({ chatId, topicId }: PostPlace) {
  return topicId === undefined ? { chatId } : { chatId, topicId };
}
