/**
 * The one door to markdown-it, the Markdown parser: CommonMark and GitHub's tables, positions in tokens, and no input
 * that makes it slow or deep (docs/rendering.md says what was measured beside it).
 */
import MarkdownItClass, { type StateBlock, type Token } from "markdown-it";

export type { MarkdownIt, StateBlock, StateCore, StateInline, Token } from "markdown-it";

export const Markdown = MarkdownItClass;

/** A token with text whose Markdown is read in a later stage of the parser. */
export function pushInline(state: StateBlock, content: string, lines: [number, number]): void {
  const token: Token = state.push("inline", "", 0);
  token.content = content;
  token.map = lines;
  token.children = [];
}

export function pushParagraph(state: StateBlock, content: string, lines: [number, number]): void {
  state.push("paragraph_open", "p", 1).map = lines;
  pushInline(state, content, lines);
  state.push("paragraph_close", "p", -1);
}

/** A line without the indentation and the marks of the blocks around it. */
export function lineText(state: StateBlock, line: number): string {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  return state.src.slice(start, state.eMarks[line]);
}

/** False where the block that is being read ends: its lines are indented at least so much. */
export function belongsToBlock(state: StateBlock, line: number): boolean {
  return state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent;
}

/** Four spaces more than the block: indented code, whatever the line begins with. */
export function isIndentedCode(state: StateBlock, line: number): boolean {
  return (state.sCount[line] ?? 0) - state.blkIndent >= 4;
}
