import type { Context } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import type { Person } from "../ledger/ledger.ts";

const longestName = 40;

/**
 * Who asks, and in which chat. Undefined for somebody without a face: anonymous administrators and channels all share
 * one id.
 */
export function personOf(ctx: Context): Person | undefined {
  const { chatId } = conversationOf(ctx.update);
  const { from } = ctx;
  if (chatId === undefined || from === undefined || ctx.message?.sender_chat !== undefined)
    return undefined;
  const name = [from.first_name, from.last_name ?? ""].join(" ").trim() || `user ${from.id}`;
  return { chat: chatId, user: from.id, name: name.slice(0, longestName) };
}
