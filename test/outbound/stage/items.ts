import type { Edit } from "../../../shared/outbound/queue/item.ts";

/** An edit of message 5 of a chat. */
export function editOf(chatId: number, key: string, said: string): Edit {
  const params = { chat_id: chatId, message_id: 5, text: said };
  return {
    kind: "edit",
    key,
    place: { chatId },
    compose: () => ({ method: "editMessageText", params }),
  };
}
