import { defineMethod } from "../call/method.ts";
import { boolean, json } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";
import { captionParameters, readCaption } from "../content/message-text.ts";
import { inlineKeyboard, replyMarkup } from "../content/reply-markup.ts";
import { inputMedia, readInputMedia, takeMedia } from "../media/input-media.ts";
import { looks } from "../media/send-file.ts";
import { editable, frameOf, replace, target } from "./editing.ts";

export const editMessageCaption = defineMethod(
  {
    ...target,
    ...captionParameters,
    show_caption_above_media: boolean.optional(),
    reply_markup: replyMarkup,
  },
  (scene, parameters) => {
    const caption = readCaption(parameters);
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const { chat, message } = editable(scene, parameters);
    const { photo, document, has_media_spoiler } = message;
    if (photo === undefined && document === undefined)
      throw badRequest("there is no caption in the message to edit");
    const kept = {
      ...(photo === undefined ? {} : { photo }),
      ...(document === undefined ? {} : { document }),
      ...(has_media_spoiler === undefined ? {} : { has_media_spoiler }),
    };
    const changed = { ...frameOf(message), ...kept, ...caption, ...looks(parameters), ...keyboard };
    return { value: replace(scene, chat, changed) };
  },
);

/** Another file in the place of the one that is shown; text becomes media too. */
export const editMessageMedia = defineMethod(
  {
    ...target,
    media: json(inputMedia, "can't parse media JSON object").optional(),
    reply_markup: replyMarkup,
  },
  async (scene, parameters) => {
    if (parameters.media === undefined) throw badRequest('can\'t find field "media"');
    const keyboard = inlineKeyboard(parameters.reply_markup);
    const before = editable(scene, parameters);
    const media = readInputMedia(scene, parameters.media);
    const isAlbum = before.message.media_group_id !== undefined;
    const kind = before.message.photo === undefined ? "document" : "photo";
    if (isAlbum && media.file.kind !== kind)
      throw badRequest("document can't be mixed with other media types");
    const content = await takeMedia(scene, media);
    // It may have been edited or deleted while the file was stored.
    const { chat, message } = editable(scene, parameters);
    return { value: replace(scene, chat, { ...frameOf(message), ...content, ...keyboard }) };
  },
);
