import { isDeepStrictEqual } from "node:util";
import type { Message } from "../../../../shared/telegram/bot-api.ts";
import type { SandboxChat } from "../../world/model.ts";
import { keep, whereabouts } from "../../world/posting.ts";
import { writableChatOf } from "../call/chat-access.ts";
import type { Scene } from "../call/method.ts";
import { chatId, messageId, text } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

export const target = {
  chat_id: chatId,
  message_id: messageId,
  inline_message_id: text.optional(),
};

export interface Edited {
  readonly chat: SandboxChat;
  readonly message: Message;
}

const content = ["text", "rich_message", "photo", "document"] as const;

/** A message of this bot that says or shows something. @throws TelegramError 400, 403 */
export function editable(
  scene: Scene,
  { chat_id, message_id }: { readonly chat_id: string; readonly message_id: number },
): Edited {
  const chat = writableChatOf(scene, chat_id);
  const message = chat.messages.get(message_id);
  if (message === undefined) throw badRequest("message to edit not found");
  const mine = message.from?.id === scene.bot.id;
  if (!mine || !content.some((field) => message[field] !== undefined))
    throw badRequest("message can't be edited");
  return { chat, message };
}

/** @throws TelegramError 400 where nothing changes */
export function replace({ world }: Scene, chat: SandboxChat, changed: Message): Message {
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
  if (message === undefined) return undefined;
  const { edit_date: _, ...rest } = message;
  return rest;
}

/** What a message is apart from what it says or shows: the frame of its next version. */
export function frameOf(message: Message): Message {
  const {
    text: _text,
    entities: _entities,
    rich_message: _rich,
    photo: _photo,
    document: _document,
    caption: _caption,
    caption_entities: _captionEntities,
    show_caption_above_media: _above,
    has_media_spoiler: _spoiler,
    reply_markup: _keyboard,
    ...frame
  } = message;
  return frame;
}
