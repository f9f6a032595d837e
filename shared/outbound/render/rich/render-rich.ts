import type { InputRichMessage } from "../../../telegram/bot-api.ts";
import { type Document, plainText } from "../document.ts";
import { richBlocks } from "./rich-blocks.ts";
import { type RichSize, richSize } from "./rich-size.ts";

export interface RichRendering {
  readonly message: InputRichMessage;
  readonly size: RichSize;
}

/** `rich_message` of `sendRichMessage`, as typed blocks: nothing is left to a second parser's reading. */
export function renderRich(document: Document): RichRendering {
  const blocks = richBlocks(document);
  const message = isRightToLeft(document) ? { blocks, is_rtl: true } : { blocks };
  return { message, size: richSize(blocks) };
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The first letter of the text decides, as in the Unicode bidirectional algorithm. */
function isRightToLeft(document: Document): boolean {
  const first = document.find((block) => block.kind === "paragraph" || block.kind === "heading");
  if (first?.kind !== "paragraph" && first?.kind !== "heading") return false;
  const letter = /\p{L}/u.exec(plainText(first.content));
  return letter !== null && rightToLeft.test(letter[0]);
}
