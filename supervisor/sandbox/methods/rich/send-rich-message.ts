import { defineMethod } from "../call/method.ts";
import { addressOf, keyboardParameter, send, sendingParameters } from "../call/sending.ts";
import { richContent, richParameter } from "./rich-content.ts";

/** The content is judged before the chat, as at Telegram. */
export const sendRichMessage = defineMethod(
  { ...sendingParameters, ...keyboardParameter, rich_message: richParameter },
  (scene, parameters) => {
    const content = richContent(parameters.rich_message, { isDraft: false });
    return { value: send(scene, addressOf(scene, parameters), content) };
  },
);
