import { type Fields, isFields, isWholeNumber } from "../fields.ts";
import type { Update } from "./bot-api.ts";

/** Chat and forum topic: the unit of order, and of a stop inside a topic. */
export interface Conversation {
  /** Absent where an update has no chat (inline queries, polls, ...). */
  readonly chatId?: number;
  /** The forum topic; absent in General, in chats without topics and for plain reply threads. */
  readonly topicId?: number;
  /** `<chat>`, `<chat>:<topic>`, `u<user>` where there is no chat, `_` where there is neither. */
  readonly key: string;
}

/** How many parts the conversations of a token are spread over. Stored in every record: never change it. */
const partitionCount = 16;

/**
 * Which conversation an update belongs to. Understands kinds of updates that do not exist yet by the names of their
 * fields, and never throws, whatever it is given.
 *
 * Ordinary supergroups put `message_thread_id` on replies too, so a topic counts only where `is_topic_message` says
 * so; a press of the native stop button (`stopped_message_generation`) names its topic without that mark.
 */
export function conversationOf(update: Update): Conversation {
  const [kind, payload] = payloadOf(update);
  if (payload === undefined) return { key: "_" };
  // A button press happens where its message stands.
  const message = payload["message"];
  const place = isFields(message) ? message : payload;
  const chatId = idOf(place["chat"]);
  if (chatId === undefined) {
    const userId = userIdOf(payload);
    return { key: userId === undefined ? "_" : `u${userId}` };
  }
  const inTopic = place["is_topic_message"] === true || kind === "stopped_message_generation";
  const topicId = inTopic ? integer(place["message_thread_id"]) : undefined;
  if (topicId === undefined) return { chatId, key: String(chatId) };
  return { chatId, topicId, key: `${chatId}:${topicId}` };
}

/**
 * Who caused an update: its `from` or `user`; where neither is named (the native stop button), the only one there is in a
 * private chat. Undefined where Telegram does not say.
 */
export function userOf(update: Update): number | undefined {
  const payload = payloadOf(update)[1];
  if (payload === undefined) return undefined;
  const { chat } = payload;
  const partner = isFields(chat) && chat["type"] === "private" ? idOf(chat) : undefined;
  return userIdOf(payload) ?? partner;
}

/** 32-bit FNV-1a of the key's UTF-16 units, modulo 16. Fixed for ever: records on disk carry the result. */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % partitionCount;
}

/** The kind of an update and what came under that name. */
export function payloadOf(update: Update): [kind: string, payload: Fields | undefined] {
  const fields: unknown = update;
  for (const [kind, payload] of Object.entries(isFields(fields) ? fields : {})) {
    if (isFields(payload)) return [kind, payload];
  }
  return ["", undefined];
}

function userIdOf(payload: Fields): number | undefined {
  return idOf(payload["from"]) ?? idOf(payload["user"]);
}

function idOf(value: unknown): number | undefined {
  return isFields(value) ? integer(value["id"]) : undefined;
}

function integer(value: unknown): number | undefined {
  return isWholeNumber(value) ? value : undefined;
}
