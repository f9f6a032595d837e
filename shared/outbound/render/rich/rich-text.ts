import type { RichText } from "../../../telegram/bot-api.ts";
import type { Inline } from "../document.ts";

/** Styles nested deeper are left out, with a link and code that makes 6: blocks and styles share 16 levels. */
const maxStyles = 4;

/** Inline content as Telegram's rich text; nothing where there is no text to show. */
export function richText(content: readonly Inline[], depth = 0): RichText | undefined {
  const parts = content.flatMap((inline): RichText[] => {
    const part = richPart(inline, depth);
    return part === undefined || part === "" ? [] : [part];
  });
  return parts.length < 2 ? parts[0] : parts;
}

function richPart(inline: Inline, depth: number): RichText | undefined {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "break":
      return "\n";
    case "code":
      return { type: "code", text: inline.text };
    case "formula":
      return { type: "mathematical_expression", expression: inline.expression };
    case "style":
    case "link":
      break;
  }
  if (inline.kind === "style" && depth >= maxStyles) return richText(inline.children, depth);
  const text = richText(inline.children, depth + 1);
  if (text === undefined) return undefined;
  return inline.kind === "style"
    ? { type: inline.style, text }
    : { type: "url", text, url: inline.href };
}
