import { answerItems } from "../../outbound/forms/answer-items.ts";
import {
  deleteCall,
  type LiveStanding,
  type StandingMessage,
} from "../../outbound/live/live-message.ts";
import type { Outbox } from "../../outbound/outbox/outbox.ts";
import type { Answer, Cause, Outcome, Place } from "../../outbound/queue/item.ts";
import type { Context, InlineKeyboardMarkup } from "../../telegram/bot-api.ts";
import { conversationOf } from "../../telegram/conversation.ts";
import type { AnswerForms } from "./answer-forms.ts";
import { type Behalf, Causes } from "./causes.ts";

/** An answer that is written down. */
export interface PlacedAnswer {
  /**
   * The messages that it has become, in order, as soon as Telegram has them all. Undefined where it was not delivered, or
   * not by this process. Never rejects.
   */
  readonly messageIds: Promise<readonly number[] | undefined>;
}

interface Saying {
  readonly place: Place;
  readonly answerId: string;
  readonly markdown: string;
  readonly keyboard: InlineKeyboardMarkup | undefined;
  readonly behalf: Behalf | undefined;
  readonly grown?: LiveStanding | undefined;
  readonly isOnlyInPlace?: boolean;
}

/** Answers in Markdown: rendered, split, in the form that suits text, server and chat. */
export class MarkdownAnswers {
  private readonly botId: number;
  private readonly outbox: Outbox;
  private readonly forms: AnswerForms;
  private readonly causes: Causes;
  private readonly answersOf = new WeakMap<Context, number>();

  constructor(botId: number, outbox: Outbox, forms: AnswerForms, causes = new Causes()) {
    this.botId = botId;
    this.outbox = outbox;
    this.forms = forms;
    this.causes = causes;
  }

  /**
   * Answers where the update came from, in its topic if it has one. Resolves when the answer is written down: from then
   * on it survives a crash. The same update handled again answers once.
   * @param keyboard under its last message
   * @param urgency `urgent`: before everything else that waits, such as the word that a stop was heard
   * @throws AnswerNotStoredError while the disk refuses; Error for an update without a chat
   */
  async answer(
    ctx: Context,
    markdown: string,
    keyboard?: InlineKeyboardMarkup,
    urgency: "usual" | "urgent" = "usual",
  ): Promise<void> {
    const { chatId, topicId } = conversationOf(ctx.update);
    if (chatId === undefined) throw new Error("an update without a chat cannot be answered");
    const number = (this.answersOf.get(ctx) ?? 0) + 1;
    this.answersOf.set(ctx, number);
    const place = { chatId, ...(topicId === undefined ? {} : { topicId }) };
    const answerId = `answer ${this.botId}/${ctx.update.update_id}/${number}`;
    const items = this.itemsFor({ place, answerId, markdown, keyboard, behalf: ctx });
    await this.say(
      urgency === "usual" ? items : items.map((item) => ({ ...item, isUrgent: true })),
    );
  }

  /**
   * Says something at any time. Resolves when it is written down; the same text under the same key is sent once, also over
   * restarts, and gives the ids of what was sent.
   * @param keyboard under its last message
   * @param behalf the update that asked for it, if one did: `explain` tells it
   * @param grown what stands of it already, because it grew in an earlier life: full messages, which are not said again,
   * and one that becomes the next
   * @throws AnswerNotStoredError while the disk refuses
   */
  async answerAt(
    place: Place,
    key: string,
    markdown: string,
    keyboard?: InlineKeyboardMarkup,
    behalf?: Behalf,
    grown?: LiveStanding,
  ): Promise<PlacedAnswer> {
    const answerId = `placed ${key}`;
    return this.place({ place, answerId, markdown, keyboard, behalf, grown });
  }

  /**
   * Puts this in the place of a message; what does not fit into it follows in new ones. As durable as {@link answerAt},
   * and once under its key.
   * @param behalf as there
   * @param ifGone what to do where the message is gone, or stands in a group that has moved since: send it as a new one, or
   * say nothing, because it means something in that place only
   * @throws AnswerNotStoredError while the disk refuses
   */
  async editAt(
    place: Place,
    messageId: number,
    key: string,
    markdown: string,
    keyboard?: InlineKeyboardMarkup,
    behalf?: Behalf,
    ifGone: "anew" | "leave" = "anew",
  ): Promise<PlacedAnswer> {
    const answerId = `edited ${key}`;
    const grown = { growing: { place, id: messageId }, sealed: 0 };
    const isOnlyInPlace = ifGone === "leave";
    return this.place({ place, answerId, markdown, keyboard, behalf, grown, isOnlyInPlace });
  }

  /** Takes a message away; not durable. @returns what became of that; never rejects */
  deleteAt(place: Place, messageId: number): Promise<Outcome> {
    return this.deleteStanding({ place, id: messageId });
  }

  private deleteStanding(standing: StandingMessage): Promise<Outcome> {
    const call = deleteCall(standing);
    return this.outbox.enqueue({ kind: "deletion", place: standing.place, ...call }).outcome;
  }

  private async place(saying: Saying): Promise<PlacedAnswer> {
    const items = this.itemsFor(saying);
    const said = await this.say(items);
    const growing = saying.grown?.growing;
    // A document, or nothing at all, cannot take its place.
    const isReplaced = growing === undefined || items[0]?.method === "editMessageText";
    if (!isReplaced) void this.deleteStanding(growing);
    return said;
  }

  private itemsFor(saying: Saying): readonly Answer[] {
    const { place, answerId, markdown, keyboard, behalf, grown, isOnlyInPlace } = saying;
    const cause: Cause | undefined = behalf && this.causes.named(behalf);
    return answerItems(markdown, this.forms.settingsFor(place.chatId), place, {
      answerId,
      ...(keyboard === undefined ? {} : { replyMarkup: keyboard }),
      ...(cause === undefined ? {} : { cause }),
      grown,
      ...(isOnlyInPlace === true ? { isOnlyInPlace } : {}),
    });
  }

  /** All at once: they keep their order, and share one sync of the disk. */
  private async say(items: readonly Answer[]): Promise<PlacedAnswer> {
    const receipts = items.map((item) => this.outbox.enqueue(item));
    await Promise.all(receipts.map(({ accepted }) => accepted));
    return { messageIds: idsOf(receipts.map(({ outcome }) => outcome)) };
  }
}

async function idsOf(
  outcomes: readonly Promise<Outcome>[],
): Promise<readonly number[] | undefined> {
  const ended = await Promise.all(outcomes);
  const ids = ended.map((outcome) => (outcome.state === "sent" ? outcome.messageIds : []));
  return ids.some((each) => each.length === 0) ? undefined : ids.flat();
}
