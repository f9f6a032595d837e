import { z } from "zod";
import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
} from "../../../../shared/telegram/bot-api.ts";
import { json } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

const maxCallbackDataBytes = 64;

const buttonShape = z.looseObject({ text: z.string(), callback_data: z.string().optional() });
const button = z.custom<InlineKeyboardButton>((value) => buttonShape.safeParse(value).success);

export const replyMarkup = json(
  z.looseObject({ inline_keyboard: z.array(z.array(button)).optional() }),
  "can't parse reply keyboard markup JSON object",
).optional();

/** Everything else a button may do, apart from `text` and looks; one of them must be there. */
const actions: readonly (keyof InlineKeyboardButton)[] = [
  "url",
  "callback_data",
  "web_app",
  "login_url",
  "switch_inline_query",
  "switch_inline_query_current_chat",
  "switch_inline_query_chosen_chat",
  "copy_text",
  "callback_game",
  "pay",
  "disabled",
];

/**
 * The inline keyboard that stays with a message. Other reply markups are accepted and leave no trace in it, as at
 * Telegram. @throws TelegramError 400
 */
export function inlineKeyboard(markup: z.output<typeof replyMarkup>): {
  reply_markup?: InlineKeyboardMarkup;
} {
  const rows = markup?.inline_keyboard?.filter((row) => row.length > 0) ?? [];
  for (const one of rows.flat()) {
    if (one.text === "") throw badRequest("inline keyboard button text must be non-empty");
    if (!actions.some((action) => one[action] !== undefined))
      throw badRequest(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
      );
    if (one.callback_data === undefined) continue;
    const bytes = Buffer.byteLength(one.callback_data);
    if (bytes < 1 || bytes > maxCallbackDataBytes) throw badRequest("BUTTON_DATA_INVALID");
  }
  if (rows.length === 0) return {};
  return { reply_markup: { inline_keyboard: rows } };
}
