import {
  belongsToBlock,
  isIndentedCode,
  lineText,
  type MarkdownIt,
  pushInline,
  type StateBlock,
} from "./library.ts";

const opening = /^<details(\s+open)?\s*>\s*(?:<summary>(.*)<\/summary>)?\s*$/i;
const summaryLine = /^<summary>(.*)<\/summary>\s*$/i;
const opener = /^<details[\s>]/i;
const closing = /<\/details>\s*$/;

/** A section longer than this stays as it is written: every opening looks ahead no further. */
const maxLines = 1_000;

/**
 * `<details>` on lines of their own, with Markdown between them, as GitHub reads it. One that never closes, or stands
 * inside a line, stays readable text.
 */
export function addDetails(md: MarkdownIt): void {
  md.block.ruler.before("paragraph", "details", details, {
    alt: ["paragraph", "blockquote", "list"],
  });
}

function details(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (isIndentedCode(state, startLine)) return false;
  const head = opening.exec(lineText(state, startLine));
  if (head === null) return false;
  const close = closingLine(state, startLine, endLine);
  if (close === undefined) return false;
  if (silent) return true;

  let content = startLine + 1;
  let summary = head[2];
  if (summary === undefined && content < close) {
    summary = summaryLine.exec(lineText(state, content))?.[1];
    if (summary !== undefined) content++;
  }
  const token = state.push("details_open", "details", 1);
  token.map = [startLine, close + 1];
  token.meta = { open: head[1] !== undefined };
  pushInline(state, (summary ?? "").trim(), [startLine, content]);
  const { lineMax, parentType } = state;
  state.lineMax = close;
  state.parentType = "details";
  state.md.block.tokenize(state, content, close);
  state.lineMax = lineMax;
  state.parentType = parentType;
  state.push("details_close", "details", -1);
  state.line = close + 1;
  return true;
}

function closingLine(state: StateBlock, startLine: number, endLine: number): number | undefined {
  if (!state.src.includes("</details>", state.bMarks[startLine])) return undefined;
  let depth = 1;
  const end = Math.min(endLine, startLine + maxLines);
  for (let line = startLine + 1; line < end && belongsToBlock(state, line); line++) {
    const text = lineText(state, line);
    if (opener.test(text)) depth++;
    if (!closing.test(text)) continue;
    depth--;
    // Text before the closing tag would be lost between two blocks: such a section is not taken apart.
    if (depth === 0) return text.startsWith("</details>") ? line : undefined;
  }
  return undefined;
}
