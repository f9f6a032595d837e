import type { Place, TelegramCall } from "../queue/item.ts";

/**
 * Whether a call changes a message of a group that has become a supergroup meanwhile. Nobody can change it there any
 * more, and in the new chat its number is another message.
 *
 * @param place where the call goes now
 */
export function isLeftBehind({ method, params }: TelegramCall, place: Place | undefined): boolean {
  if (place === undefined || !/^(edit|delete)Message/.test(method)) return false;
  const chatId = params["chat_id"];
  return chatId !== undefined && String(chatId) !== String(place.chatId);
}
