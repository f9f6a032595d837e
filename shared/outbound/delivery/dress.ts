import { isFields } from "../../fields.ts";
import type { AttemptFacts } from "../queue/entry.ts";
import type { CallParams, TelegramCall } from "../queue/item.ts";

/** What a person reads where something was sent although it may have arrived before, or not where it belongs. */
export const marks = {
  restart: "(sent again after a restart)",
  connection: "(sent again: the connection broke)",
  topic: "(the topic of this answer is closed or gone)",
} as const;

/** A call as it leaves. `noteFirst` is said before it, where the call has no text that could carry the mark. */
export interface DressedCall extends TelegramCall {
  readonly noteFirst?: string;
}

/** Limits of the Bot API, in UTF-16 units (facts/telegram-bot-api.md, section 4; captions: Bot API, `sendPhoto`). */
const maxLength = { text: 4096, caption: 1024 } as const;

/** What was learned about an item, put into its parameters. The item's own parameters stay as they are. */
export function dress(
  call: TelegramCall,
  facts: AttemptFacts,
  chatId?: number | string,
): DressedCall {
  let params: CallParams = call.params;
  const hasMoved = chatId !== undefined && "chat_id" in params && params["chat_id"] !== chatId;
  if (hasMoved) params = { ...params, chat_id: chatId };
  if (facts.withoutTopic) {
    const { message_thread_id: _topic, reply_parameters: _reply, ...others } = params;
    params = others;
  }
  // What it answers stands in the group before it moved.
  if (facts.withoutReply || hasMoved) {
    const { reply_parameters: _reply, ...others } = params;
    params = others;
  }
  if (isGeneral(call.method, params) || call.method.startsWith("editMessage")) {
    const { message_thread_id: _notTaken, ...others } = params;
    params = others;
  }
  if (facts.plain) params = plain(params);
  const said = [
    ...(facts.mark === undefined ? [] : [marks[facts.mark]]),
    ...(facts.withoutTopic ? [marks.topic] : []),
  ].join(" ");
  return said === "" ? { method: call.method, params } : addMark(call.method, params, said);
}

/**
 * General, the first topic of a forum, has the number 1, and sending with it always fails; only the typing action wants
 * it (facts/telegram-bot-api.md, section 6).
 */
function isGeneral(method: string, params: CallParams): boolean {
  const isGroup = Number(params["chat_id"]) < 0;
  return isGroup && params["message_thread_id"] === 1 && method !== "sendChatAction";
}

/** The same text without any formatting. */
function plain(params: CallParams): CallParams {
  const {
    parse_mode: _mode,
    entities: _entities,
    caption_entities: _captionEntities,
    ...others
  } = params;
  return others;
}

function addMark(method: string, params: CallParams, said: string): DressedCall {
  for (const field of ["text", "caption"] as const) {
    const text = params[field];
    if (typeof text !== "string") continue;
    // Behind the text: entities are counted from its beginning.
    const marked = `${text}\n\n${escaped(said, params["parse_mode"])}`;
    if (marked.length <= maxLength[field])
      return { method, params: { ...params, [field]: marked } };
  }
  const rich = params["rich_message"];
  if (isFields(rich)) {
    for (const field of ["markdown", "html"] as const) {
      const text = rich[field];
      if (typeof text !== "string") continue;
      return {
        method,
        params: { ...params, rich_message: { ...rich, [field]: `${text}\n\n${said}` } },
      };
    }
    if (Array.isArray(rich["blocks"])) {
      const blocks: unknown[] = [...rich["blocks"], { type: "paragraph", text: said }];
      return { method, params: { ...params, rich_message: { ...rich, blocks } } };
    }
  }
  return { method, params, noteFirst: said };
}

function escaped(text: string, parseMode: unknown): string {
  return parseMode === "MarkdownV2" ? text.replaceAll(/[()]/g, "\\$&") : text;
}
