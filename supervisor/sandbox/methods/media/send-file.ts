import { messageMedia } from "../../files/message-media.ts";
import { defineMethod, type Scene } from "../call/method.ts";
import { boolean, text } from "../call/parameters.ts";
import {
  type Address,
  addressOf,
  keyboardParameter,
  send,
  sendingParameters,
} from "../call/sending.ts";
import { captionParameters, readCaption } from "../content/message-text.ts";
import { type FileInCall, fileInCall, takeFile } from "./take-file.ts";

export const sendPhoto = defineMethod(
  {
    ...sendingParameters,
    ...keyboardParameter,
    ...captionParameters,
    photo: text.optional(),
    show_caption_above_media: boolean.optional(),
    has_spoiler: boolean.optional(),
  },
  async (scene, parameters) => {
    const address = addressOf(scene, parameters);
    const content = { ...readCaption(parameters), ...looks(parameters) };
    const file = fileInCall(scene, "photo", "photo", parameters.photo);
    return { value: await sendFile(scene, address, file, content) };
  },
);

export const sendDocument = defineMethod(
  {
    ...sendingParameters,
    ...keyboardParameter,
    ...captionParameters,
    document: text.optional(),
    thumbnail: text.optional(),
    disable_content_type_detection: boolean.optional(),
  },
  async (scene, parameters) => {
    const address = addressOf(scene, parameters);
    const caption = readCaption(parameters);
    const file = fileInCall(scene, "document", "document", parameters.document);
    return { value: await sendFile(scene, address, file, caption) };
  },
);

async function sendFile(
  scene: Scene,
  address: Address,
  file: FileInCall,
  content: ReturnType<typeof readCaption> & ReturnType<typeof looks>,
) {
  return send(scene, address, { ...messageMedia(await takeFile(scene, file)), ...content });
}

/** How a photo is shown. */
export function looks(parameters: {
  readonly show_caption_above_media?: boolean | undefined;
  readonly has_spoiler?: boolean | undefined;
}): { show_caption_above_media?: true; has_media_spoiler?: true } {
  return {
    ...(parameters.show_caption_above_media === true ? { show_caption_above_media: true } : {}),
    ...(parameters.has_spoiler === true ? { has_media_spoiler: true } : {}),
  };
}
