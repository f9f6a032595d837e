import { isFields } from "../../fields.ts";
import type { AnswerCall, CallParams, Outcome, Place, TelegramCall } from "../queue/item.ts";

/** One message of a rendered text, as it is sent, without its chat. */
export interface RenderedMessage {
  readonly method: string;
  readonly params: CallParams;
  /** The same content in a simpler form, in this order, where Telegram refuses it as it is; asked for final messages. */
  readonly instead?: () => readonly RenderedMessage[];
}

/** A message that stands, in the chat where it really is: a group may have moved while it was sent. */
export interface StandingMessage {
  readonly place: Place;
  readonly id: number;
}

/** What stands in the chat of a text that grows. */
export interface LiveStanding {
  /** The message that grows; a draft has none. */
  readonly growing: StandingMessage | undefined;
  /** So many full ones stand before it. */
  readonly sealed: number;
}

/** A part that will not change while the text grows on: the message that was full. */
export interface SealedPart {
  readonly message: RenderedMessage;
  readonly outcome: Promise<Outcome>;
  /** The growing message that became it, where there was one. */
  readonly grown: StandingMessage | undefined;
}

/** Markdown to messages, each within Telegram's limits, in order. None for a text that shows nothing. */
export type RenderPort = (markdown: string) => readonly RenderedMessage[];

const growing: readonly string[] = ["sendMessage", "sendRichMessage"];

/** Whether a message can grow in the eyes of its reader. A document cannot. */
export function canGrow(message: RenderedMessage): boolean {
  return growing.includes(message.method);
}

export function withKeyboard(
  message: RenderedMessage,
  keyboard: CallParams | undefined,
): RenderedMessage {
  if (keyboard === undefined) return message;
  return { ...message, params: { ...message.params, reply_markup: keyboard } };
}

export function sendCall({ method, params }: RenderedMessage, place: Place): TelegramCall {
  return { method, params: { ...address(place), ...params } };
}

/** The same content as the new content of a message that exists. Its topic is for the outbox: Telegram takes none there. */
export function editCall(
  { params }: RenderedMessage,
  { place, id }: StandingMessage,
): TelegramCall {
  const { text, parse_mode, entities, link_preview_options, rich_message, reply_markup } = params;
  const content = { text, parse_mode, entities, link_preview_options, rich_message, reply_markup };
  return {
    method: "editMessageText",
    params: { ...address(place), message_id: id, ...defined(content) },
  };
}

/** A final message, with its simpler form for a refusal. @param becomes the message that turns into it */
export function finalCall(
  message: RenderedMessage,
  place: Place,
  becomes?: StandingMessage,
): AnswerCall {
  const call = (one: RenderedMessage, standing?: StandingMessage): TelegramCall =>
    standing === undefined || !canGrow(one) ? sendCall(one, place) : editCall(one, standing);
  const simpler = message.instead?.() ?? [];
  if (simpler.length === 0) return call(message, becomes);
  const instead = simpler.map((one, index) => call(one, index === 0 ? becomes : undefined));
  return { ...call(message, becomes), instead };
}

/** The same content as a preview that vanishes by itself; private chats only. */
export function draftCall(
  { method, params }: RenderedMessage,
  place: Place,
  draftId: number,
  canStop: boolean,
): TelegramCall {
  const { text, parse_mode, entities, rich_message } = params;
  return {
    method: method === "sendRichMessage" ? "sendRichMessageDraft" : "sendMessageDraft",
    params: {
      ...address(place),
      draft_id: draftId,
      ...(canStop ? { can_stop: true } : {}),
      ...defined({ text, parse_mode, entities, rich_message }),
    },
  };
}

export function deleteCall({ place, id }: StandingMessage): TelegramCall {
  return { method: "deleteMessage", params: { chat_id: place.chatId, message_id: id } };
}

/** The first message that a call made; it may stand in another chat than the one that was asked for. */
export function standingOf(outcome: Outcome, asked: Place): StandingMessage | undefined {
  if (outcome.state !== "sent") return undefined;
  const [id] = outcome.messageIds;
  if (id === undefined) return undefined;
  const chat = isFields(outcome.result) ? outcome.result["chat"] : undefined;
  const chatId = isFields(chat) ? chat["id"] : undefined;
  return { id, place: typeof chatId === "number" ? { ...asked, chatId } : asked };
}

export function isSameMessage(one: RenderedMessage, other: RenderedMessage): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function address({ chatId, topicId }: Place): CallParams {
  return { chat_id: chatId, ...(topicId === undefined ? {} : { message_thread_id: topicId }) };
}

function defined(fields: CallParams): CallParams {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
