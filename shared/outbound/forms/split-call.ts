import type { MessageEntity } from "../../telegram/bot-api.ts";
import type { CallParams, TelegramCall } from "../queue/item.ts";
import { storedFile } from "../queue/stored-file.ts";
import { type SplitSettings, splitAnswer } from "../split/split-answer.ts";
import { withRoomForMark } from "./room-for-mark.ts";

/**
 * Cuts a message that Telegram found too long, or whose caption is. The keyboard stands under the last part, a quoted
 * message over the first. More parts than a chat should get are a file with a preview. A text in `parse_mode` is cut as
 * it was written, without its formatting: only Telegram knows what belongs together in it.
 * @returns undefined for what has no text, or cannot be shorter
 */
export function splitCall(
  { method, params }: TelegramCall,
  settings: SplitSettings,
): readonly TelegramCall[] | undefined {
  if (method === "sendMessage") return splitMessage(params, settings);
  const { caption, caption_entities, parse_mode, reply_markup, ...media } = params;
  if (typeof caption !== "string" || caption === "") return undefined;
  const said = { chat_id: media["chat_id"], message_thread_id: media["message_thread_id"] };
  const text = { text: caption, entities: caption_entities, parse_mode, reply_markup };
  const message: CallParams = Object.fromEntries(
    Object.entries({ ...said, ...text }).filter(([, value]) => value !== undefined),
  );
  const parts = splitMessage(message, settings) ?? [{ method: "sendMessage", params: message }];
  return [{ method, params: media }, ...parts];
}

function splitMessage(
  params: CallParams,
  settings: SplitSettings,
): readonly TelegramCall[] | undefined {
  const { text, entities, parse_mode, reply_markup, reply_parameters, ...others } = params;
  if (typeof text !== "string") return undefined;
  const whole = { text, entities: parse_mode === undefined ? entitiesOf(entities) : [] };
  const verdict = splitAnswer(whole, withRoomForMark(settings));
  const reply = reply_parameters === undefined ? {} : { reply_parameters };
  const markup = reply_markup === undefined ? {} : { reply_markup };
  if (verdict.kind === "document") {
    const { text: caption, entities: caption_entities } = verdict.preview;
    const document = storedFile("message.txt", Buffer.from(text), "text/plain");
    const { link_preview_options: _preview, ...common } = others;
    const content = { document, caption, caption_entities };
    return [{ method: "sendDocument", params: { ...common, ...content, ...reply, ...markup } }];
  }
  const { parts } = verdict;
  if (parts.length < 2) return undefined;
  return parts.map((part, index) => ({
    method: "sendMessage",
    params: {
      ...others,
      text: part.text,
      ...(part.entities.length === 0 ? {} : { entities: part.entities }),
      ...(index === 0 ? reply : {}),
      ...(index === parts.length - 1 ? markup : {}),
    },
  }));
}

/** What a bot's own code gave, in the order that the splitter wants; Telegram has read it before us. */
function entitiesOf(given: unknown): readonly MessageEntity[] {
  if (!Array.isArray(given)) return [];
  // Telegram has found nothing wrong with them but their number.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const entities = given as MessageEntity[];
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}
