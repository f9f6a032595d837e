import { isDeepStrictEqual } from "node:util";
import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { SandboxChat } from "../world/model.ts";
import { keep, whereabouts } from "../world/posting.ts";
import { writableChatOf } from "./call/chat-access.ts";
import { defineMethod, type Scene } from "./call/method.ts";
import { chatId, messageId, text } from "./call/parameters.ts";
import { badRequest } from "./call/telegram-error.ts";
import { readMessageText, textParameters } from "./content/message-text.ts";
import { inlineKeyboard, replyMarkup } from "./content/reply-markup.ts";

const deletableForSeconds = 48 * 3600;

const target = { chat_id: chatId, message_id: messageId, inline_message_id: text.optional() };

export const editMessageText = defineMethod(
  { ...target, ...textParameters, reply_markup: replyMarkup },
  (scene, parameters) => {
    const chat = writableChatOf(scene, parameters.chat_id);
    const content = readMessageText(parameters);
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const { entities: _, reply_markup: __, ...rest } = editable(scene, chat, parameters.message_id);
    return { value: replace(scene, chat, { ...rest, ...content, ...keyboard }) };
  },
);

export const editMessageReplyMarkup = defineMethod(
  { ...target, reply_markup: replyMarkup },
  (scene, parameters) => {
    const chat = writableChatOf(scene, parameters.chat_id);
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const { reply_markup: _, ...rest } = editable(scene, chat, parameters.message_id);
    return { value: replace(scene, chat, { ...rest, ...keyboard }) };
  },
);

export const deleteMessage = defineMethod(
  { chat_id: chatId, message_id: messageId },
  (scene, parameters) => {
    const chat = writableChatOf(scene, parameters.chat_id);
    const message = chat.messages.get(parameters.message_id);
    if (message === undefined) throw badRequest("message to delete not found");
    // Bots are no administrators here: a person's message can be deleted in private chats only.
    const mayDelete = message.from?.id === scene.bot.id || chat.type === "private";
    const isFresh = scene.world.seconds() - message.date < deletableForSeconds;
    if (!mayDelete || !isFresh) throw badRequest("message can't be deleted");
    chat.messages.delete(message.message_id);
    scene.world.tell({
      type: "message_deleted",
      ...whereabouts(chat, message),
      message_id: message.message_id,
    });
    return { value: true };
  },
);

function editable({ bot }: Scene, chat: SandboxChat, id: number): Message {
  const message = chat.messages.get(id);
  if (message === undefined) throw badRequest("message to edit not found");
  if (message.from?.id !== bot.id || message.text === undefined)
    throw badRequest("message can't be edited");
  return message;
}

function replace({ world }: Scene, chat: SandboxChat, changed: Message): Message {
  const before = chat.messages.get(changed.message_id);
  if (isDeepStrictEqual(shown(before), shown(changed)))
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  const message = { ...changed, edit_date: world.seconds() };
  keep(chat, message);
  world.tell({ type: "message_edited", ...whereabouts(chat, message), message });
  return message;
}

function shown(message: Message | undefined): unknown {
  return [message?.text, message?.entities, message?.reply_markup];
}
