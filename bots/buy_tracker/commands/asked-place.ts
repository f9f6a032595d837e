import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { Address } from "../../../shared/chain/chain.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import type { PostPlace } from "../ledger/post.ts";
import { poolName, type TrackedPool } from "../watch/tracked-pool.ts";
import type { Desk } from "./desk.ts";

type Context = Parameters<BotHandler>[0];

export const refusal =
  "Only administrators of this chat, and users of this bot's allowlist, can do that.";

/** The chat and topic that a command was given in, for whoever may decide there; the others are told. */
export async function decidablePlace(
  ctx: Context,
  { answer, mayDecide }: Pick<Desk, "answer" | "mayDecide">,
): Promise<PostPlace | undefined> {
  const place = placeOf(ctx);
  if (place === undefined) return undefined;
  if (await mayDecide(ctx)) return place;
  await answer(ctx, refusal);
  return undefined;
}

export function placeOf(ctx: Context): PostPlace | undefined {
  const { chatId, topicId } = conversationOf(ctx.update);
  if (chatId === undefined) return undefined;
  return { chatId, ...(topicId === undefined ? {} : { topicId }) };
}

/** The words behind a command. */
export function wordsOf(ctx: Context): string[] {
  return typeof ctx.match === "string" ? ctx.match.split(/\s+/).filter((word) => word !== "") : [];
}

/** A pool by its address, or by its name or tracked token where just one has it. */
export function findPool(
  word: string,
  pools: ReadonlyMap<Address, TrackedPool>,
): Address | "several" | undefined {
  const wanted = word.toLowerCase();
  const address = asAddress(wanted);
  if (address !== undefined) return address;
  const named = [...pools.values()].filter(
    (pool) => poolName(pool).toLowerCase() === wanted || pool.base.symbol.toLowerCase() === wanted,
  );
  return named.length > 1 ? "several" : named[0]?.pool;
}

function asAddress(word: string): Address | undefined {
  return /^0x[0-9a-f]{40}$/.test(word) ? `0x${word.slice(2)}` : undefined;
}
