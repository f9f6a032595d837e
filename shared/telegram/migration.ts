import { isFields, isWholeNumber } from "../fields.ts";
import type { Update } from "./bot-api.ts";
import { payloadOf } from "./conversation.ts";

/** A group that has become a supergroup, by its two ids. */
export interface Migration {
  readonly oldId: number;
  readonly newId: number;
}

/** What an update says about it: Telegram tells it by a service message in each of the two chats. */
export function migrationOf(update: Update): Migration | undefined {
  const payload = payloadOf(update)[1];
  const chat = payload?.["chat"];
  const id = isFields(chat) ? chat["id"] : undefined;
  if (!isWholeNumber(id)) return undefined;
  const to = payload?.["migrate_to_chat_id"];
  const from = payload?.["migrate_from_chat_id"];
  if (isWholeNumber(to)) return { oldId: id, newId: to };
  return isWholeNumber(from) ? { oldId: from, newId: id } : undefined;
}
