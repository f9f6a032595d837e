import { close, getMe, logOut } from "./account.ts";
import type { Method } from "./call/method.ts";
import { answerCallbackQuery } from "./callback-answer.ts";
import { getChat, getChatMember, sendChatAction } from "./chats.ts";
import { deleteMyCommands, getMyCommands, setMyCommands } from "./commands.ts";
import { sendMessageDraft, sendRichMessageDraft } from "./drafts/send-draft.ts";
import { deleteMessage } from "./edit/delete-message.ts";
import { editMessageCaption, editMessageMedia } from "./edit/edit-media.ts";
import { editMessageReplyMarkup, editMessageText } from "./edit/edit-text.ts";
import { getUpdates } from "./get-updates.ts";
import { getFile } from "./media/get-file.ts";
import { sendDocument, sendPhoto } from "./media/send-file.ts";
import { sendMediaGroup } from "./media/send-media-group.ts";
import { sendRichMessage } from "./rich/send-rich-message.ts";
import { sendMessage } from "./send-message.ts";
import {
  closeForumTopic,
  createForumTopic,
  deleteForumTopic,
  editForumTopic,
  reopenForumTopic,
} from "./topics/forum-topics.ts";
import { deleteWebhook, getWebhookInfo, setWebhook } from "./webhook.ts";

/** Every method of the sandbox under the name of the Bot API documentation. */
const methods: Readonly<Record<string, Method>> = {
  answerCallbackQuery,
  close,
  closeForumTopic,
  createForumTopic,
  deleteForumTopic,
  deleteMessage,
  deleteMyCommands,
  deleteWebhook,
  editForumTopic,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  getChat,
  getChatMember,
  getFile,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  logOut,
  reopenForumTopic,
  sendChatAction,
  sendDocument,
  sendMediaGroup,
  sendMessage,
  sendMessageDraft,
  sendPhoto,
  sendRichMessage,
  sendRichMessageDraft,
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
