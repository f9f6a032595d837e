import type { FormattedText } from "../render/formatted-text.ts";
import { type PartLimits, telegramLimits } from "./limits.ts";
import { parts } from "./split-text.ts";

export interface SplitSettings {
  /** More parts than this become a document (default 10). */
  readonly maxParts?: number;
  /** `(2/5)` at the end of each part (default: none). */
  readonly numbering?: boolean;
  /** Default: Telegram's. */
  readonly limits?: PartLimits;
}

/** Either messages to send in this order, or one document with a preview as its message. */
export type SplitVerdict =
  | { readonly kind: "messages"; readonly parts: readonly FormattedText[] }
  | { readonly kind: "document"; readonly preview: FormattedText };

const defaultMaxParts = 10;
/** Room for "\n\n(999/999)". */
const numberingLength = 12;
const previewLength = 700;

/** Cuts a text into messages, or, where those would be too many, into a preview of a document. */
export function splitAnswer(whole: FormattedText, settings: SplitSettings = {}): SplitVerdict {
  const { maxParts = defaultMaxParts, numbering = false, limits = telegramLimits } = settings;
  const room = numbering ? numberingLength : 0;
  const found: FormattedText[] = [];
  for (const { text, entities } of parts(whole, {
    ...limits,
    maxLength: limits.maxLength - room,
  })) {
    if (found.length === maxParts) return { kind: "document", preview: previewOf(whole, limits) };
    found.push({ text, entities });
  }
  return { kind: "messages", parts: numbering ? numbered(found) : found };
}

function numbered(found: readonly FormattedText[]): readonly FormattedText[] {
  if (found.length < 2) return found;
  return found.map(({ text, entities }, index) => ({
    text: `${text}\n\n(${index + 1}/${found.length})`,
    entities,
  }));
}

function previewOf(whole: FormattedText, limits: PartLimits): FormattedText {
  const maxLength = Math.min(previewLength, limits.maxLength - 2);
  const [first] = parts(whole, { ...limits, maxLength });
  return { text: `${first?.text ?? ""}\n…`, entities: first?.entities ?? [] };
}
