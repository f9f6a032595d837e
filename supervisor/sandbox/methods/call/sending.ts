import { z } from "zod";
import type { Message } from "../../../../shared/telegram/bot-api.ts";
import type { SandboxChat } from "../../world/model.ts";
import { botAsUser } from "../../world/people.ts";
import { type Content, post } from "../../world/posting.ts";
import { type Place, topicOf } from "../../world/thread-place.ts";
import { inlineKeyboard, replyMarkup } from "../content/reply-markup.ts";
import { placeOf, writableChatOf } from "./chat-access.ts";
import type { Scene } from "./method.ts";
import { boolean, chatId, integer, json, text } from "./parameters.ts";

const replySchema = z.looseObject({
  message_id: z.int().optional(),
  allow_sending_without_reply: z.boolean().optional(),
});

/** What every method knows that sends something. */
export const sendingParameters = {
  chat_id: chatId,
  message_thread_id: integer.optional(),
  reply_parameters: json(replySchema, "can't parse reply parameters JSON object").optional(),
  reply_to_message_id: integer.optional(),
  allow_sending_without_reply: boolean.optional(),
  disable_notification: boolean.optional(),
  protect_content: boolean.optional(),
  allow_paid_broadcast: boolean.optional(),
  message_effect_id: text.optional(),
};

export const keyboardParameter = { reply_markup: replyMarkup };

type SendingParameters = z.output<z.ZodObject<typeof sendingParameters>> & {
  readonly reply_markup?: z.output<typeof replyMarkup>;
};

/** Where a bot's message goes, and what it has besides its content. */
export interface Address {
  readonly chat: SandboxChat;
  readonly place: Place;
  readonly extras: Pick<Message, "reply_markup" | "has_protected_content">;
}

/** @throws TelegramError 400, 403 */
export function addressOf(scene: Scene, parameters: SendingParameters): Address {
  const chat = writableChatOf(scene, parameters.chat_id);
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
  const extras = {
    ...keyboard,
    ...(parameters.protect_content === true ? ({ has_protected_content: true } as const) : {}),
  };
  return { chat, place, extras };
}

/** The one way in which bots say something: what the bot was writing there is dismissed by it. */
export function send({ world, bot, drafts }: Scene, address: Address, content: Content): Message {
  const { chat, place, extras } = address;
  const message = post(world, chat, botAsUser(bot), place, { ...content, ...extras });
  const topic = topicOf(message);
  drafts.sent({
    chat_id: chat.id,
    bot: bot.id,
    ...(topic === undefined ? {} : { message_thread_id: topic }),
  });
  return message;
}

function repliedTo(
  chat: SandboxChat,
  reply: { readonly id: number | undefined; readonly optional: boolean | undefined },
): number | undefined {
  if (reply.id === undefined || reply.id === 0) return undefined;
  return reply.optional === true && !chat.messages.has(reply.id) ? undefined : reply.id;
}
