import type { Update } from "../../shared/telegram/bot-api.ts";

export function message(updateId: number, chatId = 1): Update {
  return {
    update_id: updateId,
    message: { message_id: updateId, date: 0, chat: { id: chatId, type: "private" }, text: "hi" },
  };
}
