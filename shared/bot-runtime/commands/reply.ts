import type { Context, Middleware } from "../../telegram/bot-api.ts";

export type BotHandler = Middleware<Context>;

/** Answers into the topic of the update, where it has one; elsewhere into the chat. */
export async function reply(ctx: Context, text: string): Promise<void> {
  const message = ctx.message;
  // Ordinary supergroups put message_thread_id on replies too; only is_topic_message makes it a topic.
  const topic = message?.is_topic_message === true ? message.message_thread_id : undefined;
  await ctx.reply(text, topic === undefined ? {} : { message_thread_id: topic });
}
