import { z } from "zod";
import type { RichBlock, RichMessage } from "../../../../shared/telegram/bot-api.ts";
import { blocksOfHtml, blocksOfMarkdown } from "../../rich/from-markup.ts";
import { RichProblem, readBlocks } from "../../rich/read-blocks.ts";
import { checkLimits } from "../../rich/rich-limits.ts";
import { json } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

const richMessage = z.looseObject({
  blocks: z.unknown().optional(),
  html: z.string().optional(),
  markdown: z.string().optional(),
  is_rtl: z.boolean().optional(),
});

type Given = z.output<typeof richMessage>;

export const richParameter = json(
  richMessage,
  "can't parse InputRichMessage JSON object",
).optional();

/** The content of a rich message. @throws TelegramError 400 */
export function richContent(
  given: Given | undefined,
  { isDraft }: { readonly isDraft: boolean },
): { rich_message: RichMessage } {
  if (given === undefined) throw badRequest("RICH_MESSAGE_CONTENT_REQUIRED");
  try {
    const blocks = blocksOf(given, isDraft);
    checkLimits(blocks);
    return { rich_message: { blocks, ...(given.is_rtl === true ? { is_rtl: true } : {}) } };
  } catch (error) {
    if (error instanceof RichProblem) throw badRequest(error.message);
    throw error;
  }
}

function blocksOf({ blocks, html, markdown }: Given, isDraft: boolean): RichBlock[] {
  const sources = [blocks, html, markdown].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new RichProblem(
      'can\'t parse InputRichMessage: exactly one of the fields "blocks", "html" and "markdown" must be specified',
    );
  if (html !== undefined) return blocksOfHtml(html);
  return markdown === undefined ? readBlocks(blocks, isDraft) : blocksOfMarkdown(markdown);
}
