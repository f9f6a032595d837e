import { defineMethod } from "../call/method.ts";
import { badRequest } from "../call/telegram-error.ts";
import { readMessageText, textParameters } from "../content/message-text.ts";
import { inlineKeyboard, replyMarkup } from "../content/reply-markup.ts";
import { richContent, richParameter } from "../rich/rich-content.ts";
import { editable, frameOf, replace, target } from "./editing.ts";

/** Text becomes text or a rich message, and a rich message either. */
export const editMessageText = defineMethod(
  { ...target, ...textParameters, rich_message: richParameter, reply_markup: replyMarkup },
  (scene, parameters) => {
    // An old server does not know the parameter, so it reads the text alone.
    const rich = scene.features.current.rich ? parameters.rich_message : undefined;
    const content =
      rich === undefined ? readMessageText(parameters) : richContent(rich, { isDraft: false });
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const { chat, message } = editable(scene, parameters);
    if (message.text === undefined && message.rich_message === undefined)
      throw badRequest("there is no text in the message to edit");
    return { value: replace(scene, chat, { ...frameOf(message), ...content, ...keyboard }) };
  },
);

export const editMessageReplyMarkup = defineMethod(
  { ...target, reply_markup: replyMarkup },
  (scene, parameters) => {
    const { chat, message } = editable(scene, parameters);
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const { reply_markup: _, ...rest } = message;
    return { value: replace(scene, chat, { ...rest, ...keyboard }) };
  },
);
