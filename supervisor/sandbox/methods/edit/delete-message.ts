import { whereabouts } from "../../world/posting.ts";
import { writableChatOf } from "../call/chat-access.ts";
import { defineMethod } from "../call/method.ts";
import { chatId, messageId } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

const deletableForSeconds = 48 * 3600;

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
