import { handOver } from "../../outbound/library/outbox-api.ts";
import type { Context, Middleware } from "../../telegram/bot-api.ts";
import { conversationOf } from "../../telegram/conversation.ts";

export type BotHandler = Middleware<Context>;

/**
 * Answers, as it is written, into the topic of the update, where it has one; elsewhere into the chat. Resolves when that
 * is written down: a handler that waits for Telegram takes a flood, or a person who has blocked the bot, for its own
 * failure, and handles the update again.
 * @throws AnswerNotStoredError while the disk refuses; Error for an update without a chat
 */
export async function reply(ctx: Context, text: string): Promise<void> {
  const { chatId, topicId } = conversationOf(ctx.update);
  if (chatId === undefined) throw new Error("an update without a chat cannot be answered");
  const topic = topicId === undefined ? {} : { message_thread_id: topicId };
  await handOver(ctx.api, "sendMessage", { chat_id: chatId, text, ...topic });
}
