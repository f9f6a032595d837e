import { takePress } from "../world/press.ts";
import { defineMethod } from "./call/method.ts";
import { boolean, integer, text } from "./call/parameters.ts";
import { badRequest } from "./call/telegram-error.ts";

const maxAnswerLength = 200;

/** A press is answered once, within 150 s. */
export const answerCallbackQuery = defineMethod(
  {
    callback_query_id: text.optional(),
    text: text.optional(),
    show_alert: boolean.optional(),
    url: text.optional(),
    cache_time: integer.optional(),
  },
  ({ world, bot }, parameters) => {
    if ((parameters.text?.length ?? 0) > maxAnswerLength) throw badRequest("MESSAGE_TOO_LONG");
    const press = takePress(world, bot.id, parameters.callback_query_id ?? "");
    if (press === undefined)
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    world.tell({
      type: "callback_answer",
      chat_id: press.chatId,
      bot: bot.id,
      callback_query_id: press.id,
      user_id: press.userId,
      ...(parameters.text === undefined ? {} : { text: parameters.text }),
      ...(parameters.show_alert === undefined ? {} : { show_alert: parameters.show_alert }),
      ...(parameters.url === undefined ? {} : { url: parameters.url }),
    });
    return { value: true };
  },
);
