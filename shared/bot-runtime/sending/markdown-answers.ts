import { answerItems } from "../../outbound/forms/answer-items.ts";
import type { RichSupport } from "../../outbound/forms/rich-support.ts";
import type { Outbox } from "../../outbound/outbox/outbox.ts";
import type { Context } from "../../telegram/bot-api.ts";
import { conversationOf } from "../../telegram/conversation.ts";
import type { PlainChats } from "./plain-chats.ts";

export interface MarkdownAnswersDeps {
  readonly botId: number;
  readonly outbox: Outbox;
  readonly rich: RichSupport;
  readonly plainChats: PlainChats;
}

/** Answers in Markdown: rendered, split, in the form that suits text, server and chat. */
export class MarkdownAnswers {
  private readonly deps: MarkdownAnswersDeps;
  private readonly answersOf = new WeakMap<Context, number>();

  constructor(deps: MarkdownAnswersDeps) {
    this.deps = deps;
  }

  /**
   * Answers where the update came from, in its topic if it has one. Resolves when the answer is written down: from then
   * on it survives a crash. The same update handled again answers once.
   * @throws AnswerNotStoredError while the disk refuses; Error for an update without a chat
   */
  async answer(ctx: Context, markdown: string): Promise<void> {
    const { botId, outbox, rich, plainChats } = this.deps;
    const { chatId, topicId } = conversationOf(ctx.update);
    if (chatId === undefined) throw new Error("an update without a chat cannot be answered");
    const number = (this.answersOf.get(ctx) ?? 0) + 1;
    this.answersOf.set(ctx, number);
    const items = answerItems(
      markdown,
      { rich: rich.isUsable && !plainChats.has(chatId) },
      { chatId, ...(topicId === undefined ? {} : { topicId }) },
      { answerId: `answer ${botId}/${ctx.update.update_id}/${number}` },
    );
    // All at once: they keep their order, and share one sync of the disk.
    await Promise.all(items.map((item) => outbox.enqueue(item).accepted));
  }

  /** Turns rich messages of a chat on or off, for good. */
  async setRich(chatId: number, on: boolean): Promise<void> {
    await this.deps.plainChats.set(chatId, !on);
  }
}
