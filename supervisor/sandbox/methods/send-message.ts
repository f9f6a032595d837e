import { z } from "zod";
import type { SandboxChat } from "../world/model.ts";
import { botAsUser } from "../world/people.ts";
import { post } from "../world/posting.ts";
import { placeOf, writableChatOf } from "./call/chat-access.ts";
import { defineMethod } from "./call/method.ts";
import { boolean, chatId, integer, json, text } from "./call/parameters.ts";
import { readMessageText, textParameters } from "./content/message-text.ts";
import { inlineKeyboard, replyMarkup } from "./content/reply-markup.ts";

const replySchema = z.looseObject({
  message_id: z.int().optional(),
  allow_sending_without_reply: z.boolean().optional(),
});

export const sendMessage = defineMethod(
  {
    chat_id: chatId,
    message_thread_id: integer.optional(),
    ...textParameters,
    reply_parameters: json(replySchema, "can't parse reply parameters JSON object").optional(),
    reply_to_message_id: integer.optional(),
    allow_sending_without_reply: boolean.optional(),
    reply_markup: replyMarkup,
    disable_notification: boolean.optional(),
    protect_content: boolean.optional(),
    allow_paid_broadcast: boolean.optional(),
    message_effect_id: text.optional(),
  },
  (scene, parameters) => {
    const chat = writableChatOf(scene, parameters.chat_id);
    const content = readMessageText(parameters);
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const place = placeOf(chat, {
      // 0 means "none", as for every number of the Bot API that is left out.
      threadId: parameters.message_thread_id || undefined,
      replyTo: repliedTo(chat, {
        id: parameters.reply_parameters?.message_id ?? parameters.reply_to_message_id,
        optional:
          parameters.reply_parameters?.allow_sending_without_reply ??
          parameters.allow_sending_without_reply,
      }),
    });
    const message = post(scene.world, chat, botAsUser(scene.bot), place, {
      ...content,
      ...keyboard,
      ...(parameters.protect_content === true ? { has_protected_content: true } : {}),
    });
    return { value: message };
  },
);

function repliedTo(
  chat: SandboxChat,
  reply: { readonly id: number | undefined; readonly optional: boolean | undefined },
): number | undefined {
  if (reply.id === undefined || reply.id === 0) return undefined;
  return reply.optional === true && !chat.messages.has(reply.id) ? undefined : reply.id;
}
