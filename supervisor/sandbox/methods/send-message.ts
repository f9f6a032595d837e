import { defineMethod } from "./call/method.ts";
import { addressOf, keyboardParameter, send, sendingParameters } from "./call/sending.ts";
import { readMessageText, textParameters } from "./content/message-text.ts";

export const sendMessage = defineMethod(
  { ...sendingParameters, ...textParameters, ...keyboardParameter },
  (scene, parameters) => {
    const address = addressOf(scene, parameters);
    return { value: send(scene, address, readMessageText(parameters)) };
  },
);
