import type { RichBlock } from "../../../shared/telegram/bot-api.ts";

/**
 * A rough reading of `markdown`: headings, fences, rules, and everything else as paragraphs with their markup as
 * written. Telegram's own parser is not copied here: who wants to see structure sends blocks.
 */
export function blocksOfMarkdown(source: string): RichBlock[] {
  const blocks: RichBlock[] = [];
  let paragraph: string[] = [];
  let fence: { readonly mark: string; readonly language: string; lines: string[] } | undefined;
  const endParagraph = (): void => {
    if (paragraph.length > 0) blocks.push({ type: "paragraph", text: paragraph.join("\n") });
    paragraph = [];
  };
  const endFence = (): void => {
    if (fence === undefined) return;
    const language = fence.language === "" ? {} : { language: fence.language };
    blocks.push({ type: "pre", text: fence.lines.join("\n"), ...language });
    fence = undefined;
  };
  for (const line of source.split(/\r?\n/)) {
    if (fence !== undefined) {
      if (line.trim() === fence.mark) endFence();
      else fence.lines.push(line);
      continue;
    }
    const [, mark, language = ""] = /^(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (mark === undefined && heading === null && line.trim() !== "" && !isRule(line)) {
      paragraph.push(line);
      continue;
    }
    endParagraph();
    if (mark !== undefined) fence = { mark, language, lines: [] };
    else if (heading !== null)
      blocks.push({ type: "heading", text: heading[2] ?? "", size: heading[1]?.length ?? 1 });
    else if (isRule(line)) blocks.push({ type: "divider" });
  }
  endFence();
  endParagraph();
  return blocks;
}

/** The text of `html`, a paragraph for each part that its tags set apart. */
export function blocksOfHtml(source: string): RichBlock[] {
  return source
    .replaceAll(
      /<\/?(?:p|div|h[1-6]|li|ul|ol|tr|table|blockquote|details|summary|pre|hr)\b[^>]*>/gi,
      "\n\n",
    )
    .replaceAll(/<br\s*\/?>/gi, "\n")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(lt|gt|amp|quot);/g, (_, name: string) => characters[name] ?? "")
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => ({ type: "paragraph", text }));
}

const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function isRule(line: string): boolean {
  return /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line);
}
