import { z } from "zod";
import type { MessageEntity } from "../../../../shared/telegram/bot-api.ts";
import { findEntities } from "../../text/find-entities.ts";
import { type FormattedText, MarkupError, trimmed } from "../../text/formatted.ts";
import { parseHtml } from "../../text/html.ts";
import { parseMarkdown, parseMarkdownV2 } from "../../text/markdown.ts";
import { maxCaptionLength, maxTextLength } from "../../world/posting.ts";
import { json, text } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

/** More are dropped without a word (Bot API: 100 entities). */
const maxEntities = 100;

export const entitySchema = z.custom<MessageEntity>(
  (value) =>
    z.looseObject({ type: z.string(), offset: z.int(), length: z.int() }).safeParse(value).success,
);

export const textParameters = {
  text: text.optional(),
  parse_mode: text.optional(),
  entities: json(z.array(entitySchema), "can't parse entities JSON object").optional(),
  link_preview_options: text.optional(),
  disable_web_page_preview: text.optional(),
};

export const captionParameters = {
  caption: text.optional(),
  parse_mode: text.optional(),
  caption_entities: json(z.array(entitySchema), "can't parse entities JSON object").optional(),
};

export interface CaptionParameters {
  readonly caption?: string | undefined;
  readonly parse_mode?: string | undefined;
  readonly caption_entities?: readonly MessageEntity[] | undefined;
}

export interface TextParameters {
  readonly text?: string | undefined;
  readonly parse_mode?: string | undefined;
  readonly entities?: readonly MessageEntity[] | undefined;
}

/** The fields of a message, read from text, `parse_mode` and `entities`. @throws TelegramError 400 */
export function readMessageText(parameters: TextParameters): {
  text: string;
  entities?: MessageEntity[];
} {
  const { text: formatted, entities } = readFormatted(parameters.text ?? "", parameters);
  if (formatted === "") throw badRequest("message text is empty");
  // Counted after parsing, in UTF-16 code units: markup costs nothing.
  if (formatted.length > maxTextLength) throw badRequest("message is too long");
  return { text: formatted, ...(entities.length === 0 ? {} : { entities }) };
}

/** What stands under a photo or a file; nothing where nothing is said. @throws TelegramError 400 */
export function readCaption({ caption, parse_mode, caption_entities }: CaptionParameters): {
  caption?: string;
  caption_entities?: MessageEntity[];
} {
  const { text: formatted, entities } = readFormatted(caption ?? "", {
    parse_mode,
    entities: caption_entities,
  });
  if (formatted.length > maxCaptionLength) throw badRequest("message caption is too long");
  return {
    ...(formatted === "" ? {} : { caption: formatted }),
    ...(entities.length === 0 ? {} : { caption_entities: entities }),
  };
}

/** Text without white space at its ends, with the entities that were given and those that Telegram finds. */
export function readFormatted(
  source: string,
  marking: Pick<TextParameters, "parse_mode" | "entities">,
): { text: string; entities: MessageEntity[] } {
  const formatted = trimmed(format(source, marking));
  const given = formatted.entities.slice(0, maxEntities);
  const entities = [...given, ...findEntities(formatted.text, given)].toSorted(
    (a, b) => a.offset - b.offset || b.length - a.length,
  );
  return { text: formatted.text, entities };
}

function format(
  source: string,
  { parse_mode, entities }: Pick<TextParameters, "parse_mode" | "entities">,
): FormattedText {
  const mode = (parse_mode ?? "").toLowerCase();
  try {
    if (mode === "html") return parseHtml(source);
    if (mode === "markdownv2") return parseMarkdownV2(source);
    if (mode === "markdown") return parseMarkdown(source);
  } catch (error) {
    if (error instanceof MarkupError) throw badRequest(`can't parse entities: ${error.message}`);
    throw error;
  }
  if (mode !== "" && mode !== "none") throw badRequest("unsupported parse_mode");
  for (const entity of entities ?? []) checkEntity(source, entity);
  return { text: source, entities: entities ?? [] };
}

function checkEntity(source: string, { offset, length }: { offset: number; length: number }): void {
  const end = offset + length;
  if (offset < 0 || length <= 0)
    throw badRequest(`can't parse entities: wrong range of an entity at UTF-16 offset ${offset}`);
  if (end > source.length)
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  if (splitsPair(source, offset))
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at UTF-16 offset ${offset}`);
  if (splitsPair(source, end))
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at UTF-16 offset ${end}`,
    );
}

function splitsPair(source: string, at: number): boolean {
  const before = source.charCodeAt(at - 1);
  const after = source.charCodeAt(at);
  return before >= 0xd8_00 && before < 0xdc_00 && after >= 0xdc_00 && after < 0xe0_00;
}
