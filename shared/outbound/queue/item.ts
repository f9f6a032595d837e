/** Parameters of a Bot API method, by their names there. Those of a durable answer survive a JSON file. */
export type CallParams = Readonly<Record<string, unknown>>;

export interface TelegramCall {
  readonly method: string;
  readonly params: CallParams;
}

/** Where something goes: the unit of order. General and chats without topics have no topic. */
export interface Place {
  readonly chatId: number | string;
  readonly topicId?: number;
}

/**
 * What a producer hands to the outbox. Answers are never dropped and survive a crash; deletions survive a full queue;
 * edits and actions are progress, which may be lost.
 */
export type OutboundItem = Answer | Deletion | Edit | Action | PlainCall;
export type ItemKind = OutboundItem["kind"];

interface Cancellable {
  /** Takes the item back while it still waits. One that is being sent is left alone. */
  readonly signal?: AbortSignal;
}

/** The content of an answer. */
export interface AnswerCall extends TelegramCall {
  /**
   * What to send in its place, in this order, where Telegram refuses it as it is (400, or a method that the server does
   * not know): the same content in a simpler form. Never after an unknown outcome.
   */
  readonly instead?: readonly TelegramCall[];
  /**
   * An edit that means something in the place of its message only: where that is gone, or was left behind by a group that
   * moved, nothing is said, and it counts as done.
   */
  readonly isOnlyInPlace?: boolean;
}

/** On whose behalf something is said: updates of the bot's token, the first of them first. Nobody's: absent. */
export interface Cause {
  readonly updates: readonly number[];
  /** Of the handler; absent for the first. */
  readonly attempt?: number;
  /** Of a session's agent. */
  readonly turn?: number;
}

/** Something a person waits for. Sent in the order in which it was accepted, within its conversation. */
export interface Answer extends AnswerCall, Cancellable {
  readonly kind: "answer";
  /** The same answer under the same id is sent once, also over restarts. */
  readonly answerId?: string;
  /** Key of the progress message that ends with this answer: its waiting edits are dropped, later ones refused. */
  readonly finalFor?: string;
  /** Kept with it, for who asks later why it was said. */
  readonly cause?: Cause;
  /**
   * Goes before the answers that wait, those of its own conversation too, and uses what they leave of the pace: for the
   * word that a stop was heard. Not written down: after a restart it has its place among the others.
   */
  readonly isUrgent?: boolean;
}

interface Deletion extends TelegramCall, Cancellable {
  readonly kind: "deletion";
  /** Needed where the parameters do not tell it (a deletion names no topic). */
  readonly place?: Place;
}

/** Progress. A newer edit with the same key takes the place of one that still waits. */
export interface Edit extends Cancellable {
  readonly kind: "edit";
  readonly key: string;
  /** Edits of one key that differ here are sent one after the other (the text of a message, and its keyboard). */
  readonly variant?: string;
  readonly place: Place;
  /** Asked when its turn has come, so that the newest text is rendered, once. Undefined: nothing to say any more. */
  compose(): TelegramCall | undefined;
}

/** Typing and its like; worth nothing when it is late. One waits per conversation. */
interface Action extends TelegramCall, Cancellable {
  readonly kind: "action";
}

/** Everything else: paced, not ordered, not kept. */
interface PlainCall extends TelegramCall, Cancellable {
  readonly kind: "call";
}

/** How an item ended. */
export type Outcome =
  | { readonly state: "sent"; readonly result: unknown; readonly messageIds: readonly number[] }
  /** `error` is what was thrown last, or an Error that says why. */
  | { readonly state: "failed"; readonly reason: string; readonly error: unknown }
  | { readonly state: "dropped"; readonly reason: DropReason }
  /** Written down; the next life of this bot sends it. */
  | { readonly state: "kept" };

type DropReason = "full" | "superseded" | "expired" | "cancelled" | "blocked" | "closed";

export interface Receipt {
  /**
   * Resolves when the outbox has taken the item: at once, after the disk has an answer, or when a full queue has room
   * again (wait for it: that is the back-pressure). Rejects where an answer cannot be written down, and where too many
   * calls or deletions wait.
   */
  readonly accepted: Promise<"accepted" | "dropped">;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
}

/** The conversation of a call, by its `chat_id` and `message_thread_id`; undefined for calls that have no chat. */
export function placeOf(params: CallParams): Place | undefined {
  const chatId = params["chat_id"];
  if (typeof chatId !== "number" && typeof chatId !== "string") return undefined;
  const topicId = params["message_thread_id"];
  return typeof topicId === "number" ? { chatId, topicId } : { chatId };
}

/** `<chat>` or `<chat>:<topic>`, as everywhere. */
export function placeKey({ chatId, topicId }: Place): string {
  return topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
}
