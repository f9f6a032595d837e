import {
  type CallParams,
  type ItemKind,
  type Place,
  placeOf,
  type TelegramCall,
} from "../queue/item.ts";

/**
 * Methods that may be called twice without anybody seeing it (facts/telegram-bot-api.md, section 5; pins behave the
 * same). Drafts replace each other.
 */
const repeatable =
  /^(get|set|edit|delete|pin|unpin)[A-Z]|^answerCallbackQuery$|^sendChatAction$|^send\w*Draft$/;

export function isRepeatable(method: string): boolean {
  return repeatable.test(method);
}

/** What a call of a bot's own code is for the outbox. */
export function kindOfMethod(method: string, params: CallParams): ItemKind {
  if (params["chat_id"] === undefined) {
    return method.startsWith("editMessage") ? "edit" : "call";
  }
  if (method === "sendChatAction") return "action";
  if (/^send\w*Draft$/.test(method) || method.startsWith("editMessage")) return "edit";
  if (/^deleteMessages?$/.test(method)) return "deletion";
  if (/^(send|forward|copy)[A-Z]/.test(method) && method !== "sendChatJoinRequestWebApp") {
    return "answer";
  }
  return "call";
}

/**
 * Whether a call changes a message of a group that has become a supergroup meanwhile. Nobody can change it there any
 * more, and in the new chat its number is another message.
 *
 * @param place where the call goes now
 */
export function isLeftBehind({ method, params }: TelegramCall, place: Place | undefined): boolean {
  if (place === undefined || !/^(edit|delete)Message/.test(method)) return false;
  const asked = placeOf(params);
  return asked !== undefined && String(asked.chatId) !== String(place.chatId);
}
