import { z } from "zod";

/** The section `answers` of fleet.yaml, at the top and in each bot. */
export const answerEntry = z
  .strictObject({
    max_rich_length: z.int().min(0).max(32_768),
    numbering: z.boolean(),
    max_parts: z.int().min(1).max(100),
  })
  .partial();

type AnswerEntry = z.infer<typeof answerEntry>;

/** How a bot's answers look. */
export const answerSettingsSchema = z.object({
  /** The longest rich message, in characters; 0: none. Telegram's limit is 32,768. */
  maxRichLength: z.int(),
  /** `(2/5)` at the end of each part. */
  numbering: z.boolean(),
  /** More messages than this become a document with a preview. */
  maxParts: z.int(),
});

export type AnswerConfig = Readonly<z.infer<typeof answerSettingsSchema>>;

/** 8,000: clients showed only the beginning of longer, block-heavy messages (facts/telegram-bot-api.md, section 15). */
const defaults: AnswerConfig = { maxRichLength: 8_000, numbering: false, maxParts: 10 };

/** @param entries the more special one last; each key by itself */
export function resolveAnswers(...entries: (AnswerEntry | null | undefined)[]): AnswerConfig {
  const merged: AnswerEntry = Object.assign({}, ...entries);
  return {
    maxRichLength: merged.max_rich_length ?? defaults.maxRichLength,
    numbering: merged.numbering ?? defaults.numbering,
    maxParts: merged.max_parts ?? defaults.maxParts,
  };
}
