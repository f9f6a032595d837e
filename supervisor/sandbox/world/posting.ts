import type { Message, User } from "../../../shared/telegram/bot-api.ts";
import { findEntities } from "../text/find-entities.ts";
import type { SandboxChat } from "./model.ts";
import { Refusal } from "./refusal.ts";
import {
  type Destination,
  findPlace,
  generalThreadId,
  type Place,
  topicOf,
} from "./thread-place.ts";
import type { World } from "./world.ts";

/** Newest messages kept per chat. */
const maxMessagesPerChat = 500;
/** Telegram's limit for one text message, in UTF-16 code units. */
export const maxTextLength = 4096;
/** Telegram's limit for what stands under a photo or a file, in UTF-16 code units. */
export const maxCaptionLength = 1024;

/** What a message says or shows. */
export type Content = Omit<Partial<Message>, "message_id" | "from" | "chat" | "date" | keyof Place>;

/** Puts a message into a chat and shows it to those who watch. Bots get it only through {@link deliverToBots}. */
export function post(
  world: World,
  chat: SandboxChat,
  from: User,
  place: Place,
  content: Content,
  messageId = nextMessageId(world, chat),
): Message {
  const message: Message = {
    message_id: messageId,
    ...(place.message_thread_id === undefined
      ? {}
      : { message_thread_id: place.message_thread_id }),
    from,
    chat: chat.view,
    date: world.seconds(),
    ...(place.is_topic_message === undefined ? {} : { is_topic_message: true }),
    ...(place.reply_to_message === undefined ? {} : { reply_to_message: place.reply_to_message }),
    ...content,
  };
  keep(chat, message);
  world.tell({ type: "message", ...whereabouts(chat, message), message });
  return message;
}

/** A message id that the chat's own counter gives; private chats and basic groups share one, as in an account. */
export function nextMessageId(world: World, chat: SandboxChat): number {
  return world.ports.nextMessageId(chat.type === "supergroup" ? chat.id : undefined);
}

export function keep(chat: SandboxChat, message: Message): void {
  chat.messages.set(message.message_id, message);
  if (chat.messages.size <= maxMessagesPerChat) return;
  const [oldest] = chat.messages.keys();
  if (oldest !== undefined) chat.messages.delete(oldest);
}

/** Chat and topic of an event about this message. */
export function whereabouts(
  chat: SandboxChat,
  message: Message,
): { chat_id: number; message_thread_id?: number } {
  const topic = topicOf(message);
  return { chat_id: chat.id, ...(topic === undefined ? {} : { message_thread_id: topic }) };
}

/** Every bot of the chat sees what a person does there: privacy mode is off. */
export function deliverToBots(world: World, chat: SandboxChat, message: Message): void {
  const json = JSON.stringify(message);
  for (const [botId, status] of chat.bots)
    if (status === "member") world.ports.deliver(botId, "message", json);
}

/** A person writes. @throws Refusal */
export function say(
  world: World,
  chat: SandboxChat,
  userId: number,
  text: string,
  destination: Destination,
): Message {
  if (text.trim() === "") throw new Refusal("The message has no text.");
  if (text.length > maxTextLength)
    throw new Refusal(`The message is longer than ${maxTextLength} characters.`);
  const entities = findEntities(text);
  return bringIn(world, chat, userId, destination, {
    text,
    ...(entities.length === 0 ? {} : { entities }),
  });
}

/** Something that a person sends, on its way to the bots of the chat. @throws Refusal */
export function bringIn(
  world: World,
  chat: SandboxChat,
  userId: number,
  destination: Destination,
  content: Content,
): Message {
  const from = checkMaySpeak(world, chat, userId);
  // People choose General by its id; only for bots it does not exist.
  const threadId =
    destination.threadId === generalThreadId && chat.isForum ? undefined : destination.threadId;
  const place = findPlace(chat, { ...destination, threadId });
  if (typeof place === "string") throw new Refusal(placeProblem[place]);
  const message = post(world, chat, from, place, content);
  deliverToBots(world, chat, message);
  return message;
}

/** @throws Refusal for somebody who cannot say anything here */
export function checkMaySpeak(world: World, chat: SandboxChat, userId: number): User {
  const user = world.user(userId);
  if (!chat.members.has(userId)) throw new Refusal(`User ${userId} is no member of this chat.`);
  if (chat.migratedTo !== undefined)
    throw new Refusal(`This group has become the supergroup ${chat.migratedTo}; write there.`);
  if (chat.type === "private" && [...chat.bots.keys()].some((bot) => world.isBlocked(userId, bot)))
    throw new Refusal("The user has blocked this bot; unblock it first.");
  return user;
}

const placeProblem = {
  thread_not_found: "This chat has no such topic.",
  topic_closed: "The topic is closed.",
  reply_not_found: "The message to reply to is not there.",
} as const;
