import { close, getMe, logOut } from "./account.ts";
import type { Method } from "./call/method.ts";
import { answerCallbackQuery } from "./callback-answer.ts";
import { createForumTopic, getChat, sendChatAction } from "./chats.ts";
import { deleteMyCommands, getMyCommands, setMyCommands } from "./commands.ts";
import { deleteMessage, editMessageReplyMarkup, editMessageText } from "./edit-message.ts";
import { getUpdates } from "./get-updates.ts";
import { sendMessage } from "./send-message.ts";
import { deleteWebhook, getWebhookInfo, setWebhook } from "./webhook.ts";

/** Every method of the sandbox under the name of the Bot API documentation. */
const methods: Readonly<Record<string, Method>> = {
  answerCallbackQuery,
  close,
  createForumTopic,
  deleteMessage,
  deleteMyCommands,
  deleteWebhook,
  editMessageReplyMarkup,
  editMessageText,
  getChat,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  logOut,
  sendChatAction,
  sendMessage,
  setMyCommands,
  setWebhook,
};

export interface NamedMethod {
  /** As documented, whatever letters the caller used. */
  readonly name: string;
  readonly method: Method;
}

const byLowerCaseName = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]),
);

/** Method names are case-insensitive, as at Telegram. */
export function findMethod(name: string): NamedMethod | undefined {
  return byLowerCaseName.get(name.toLowerCase());
}
