import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { SandboxChat } from "./model.ts";

/** The General topic of a forum. Its messages carry no thread id, and sending to it by id always fails. */
export const generalThreadId = 1;

export interface Destination {
  readonly threadId?: number | undefined;
  readonly replyTo?: number | undefined;
}

/** The fields of a message that say where in its chat it stands. */
export type Place = Pick<Message, "message_thread_id" | "is_topic_message" | "reply_to_message">;

export type NoPlace = "thread_not_found" | "topic_closed" | "reply_not_found";

/**
 * Where a new message lands. In a forum topic: `is_topic_message`, and the topic's root stands as reply where there
 * is no real one. In ordinary supergroups, and in General, replies carry the id of their thread without
 * `is_topic_message`.
 */
export function findPlace(chat: SandboxChat, destination: Destination): Place | NoPlace {
  const replied =
    destination.replyTo === undefined ? undefined : chat.messages.get(destination.replyTo);
  if (destination.replyTo !== undefined && replied === undefined) return "reply_not_found";
  const topicId = destination.threadId ?? topicOf(replied);
  if (chat.isForum && topicId !== undefined) return placeInTopic(chat, topicId, replied);
  if (chat.type !== "supergroup" && topicId !== undefined) return "thread_not_found";
  if (topicId !== undefined && !chat.messages.has(topicId)) return "thread_not_found";
  const threadId = topicId ?? threadOfReply(chat, replied);
  return {
    ...(threadId === undefined ? {} : { message_thread_id: threadId }),
    ...(replied === undefined ? {} : { reply_to_message: withoutReply(replied) }),
  };
}

/** The forum topic a message stands in; undefined for General and for chats without topics. */
export function topicOf(message: Message | undefined): number | undefined {
  return message?.is_topic_message === true ? message.message_thread_id : undefined;
}

/** An embedded message never embeds another one. */
function withoutReply(message: Message): Message {
  const { reply_to_message: _, ...rest } = message;
  return rest;
}

function placeInTopic(
  chat: SandboxChat,
  topicId: number,
  replied: Message | undefined,
): Place | NoPlace {
  const topic = chat.topics.get(topicId);
  if (topic === undefined) return "thread_not_found";
  if (topic.closed) return "topic_closed";
  return {
    message_thread_id: topicId,
    is_topic_message: true,
    reply_to_message: withoutReply(replied ?? topic.root),
  };
}

function threadOfReply(chat: SandboxChat, replied: Message | undefined): number | undefined {
  if (chat.type !== "supergroup" || replied === undefined) return undefined;
  return replied.message_thread_id ?? replied.message_id;
}
