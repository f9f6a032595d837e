import type { Block, Document, Inline } from "../render/document.ts";
import type { FormattedText } from "../render/formatted-text.ts";
import { type RichSize, richLimits } from "../render/rich/rich-size.ts";

/** `plain` is classic without entities. */
export type Form = "rich" | "classic" | "plain";

export interface FormSettings {
  /** False where the chat turned rich messages off, or its server does not know them. */
  readonly rich: boolean;
  /**
   * Characters, default 8,000: clients showed only the beginning of block-heavy messages of 10,332 and 14,917
   * characters that Telegram had accepted (NousResearch/hermes-agent#69445). Telegram's limit is 32,768.
   */
  readonly maxRichLength?: number;
}

/** What else decides it. */
interface FormContext extends FormSettings {
  /** UTF-16 units of one classic message. */
  readonly maxClassicLength: number;
}

const defaultMaxRichLength = 8_000;
/** Classic shows two levels of a list well. */
const deepList = 3;

/** Rich where classic would lose structure or need a second message; classic where rich is off or too large. */
export function chooseForm(
  document: Document,
  classic: FormattedText,
  size: RichSize,
  settings: FormContext,
): "rich" | "classic" {
  const maxLength = Math.min(settings.maxRichLength ?? defaultMaxRichLength, richLimits.characters);
  if (!settings.rich || size.blocks === 0) return "classic";
  if (size.characters > maxLength || size.blocks > richLimits.blocks) return "classic";
  const tooLong = classic.text.length > settings.maxClassicLength;
  return tooLong || document.some((block) => needsRich(block, 0)) ? "rich" : "classic";
}

function needsRich(block: Block, listDepth: number): boolean {
  switch (block.kind) {
    case "table":
    case "details":
    case "formula":
      return true;
    case "list":
      return (
        listDepth + 1 >= deepList ||
        block.items.some((item) => item.blocks.some((inner) => needsRich(inner, listDepth + 1)))
      );
    case "quote":
      return block.blocks.some((inner) => needsRich(inner, listDepth));
    case "paragraph":
    case "heading":
      return block.content.some(hasFormula);
    case "code":
    case "rule":
      break;
  }
  return false;
}

function hasFormula(inline: Inline): boolean {
  if (inline.kind === "style" || inline.kind === "link") return inline.children.some(hasFormula);
  return inline.kind === "formula";
}
