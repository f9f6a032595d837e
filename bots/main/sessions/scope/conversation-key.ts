import type { SessionPlace } from "../ports.ts";

/** `<chat>` or `<chat>:<topic>`, as everywhere. */
export function conversationKey({ chatId, topicId }: SessionPlace): string {
  return topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
}
