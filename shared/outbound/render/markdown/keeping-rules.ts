import {
  belongsToBlock,
  lineText,
  type MarkdownIt,
  pushParagraph,
  type StateBlock,
  type StateCore,
  type Token,
} from "./library.ts";

/** Deeper blocks are kept as text; the parser's own limit (100) would drop them. Lists count two levels each. */
const maxBlockLevel = 60;

/** Places where Markdown's rules drop text that the author wrote; a reader of a chat must not lose it. */
export function keepEverything(md: MarkdownIt): void {
  md.block.ruler.before("table", "too_deep", tooDeep);
  md.block.ruler.before("reference", "footnote", footnote);
  md.core.ruler.after("block", "spare_cells", spareCells);
  // The definitions of links stay among the tokens: those that no link uses are shown.
  md.core.ruler.disable("strip_references");
}

function tooDeep(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (silent || state.level < maxBlockLevel) return false;
  let end = startLine;
  while (end < endLine && belongsToBlock(state, end)) end++;
  const text = state.getLines(startLine, end, state.blkIndent, false).trim();
  pushParagraph(state, text, [startLine, end]);
  state.line = end;
  return true;
}

/** `[^1]: text` would be read as a link to "text". */
function footnote(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (silent || !/^\[\^[^\]\s]+\]:/.test(lineText(state, startLine))) return false;
  let end = startLine + 1;
  while (end < endLine && !state.isEmpty(end) && belongsToBlock(state, end)) {
    if (/^\[[^\]]+\]:/.test(lineText(state, end))) break;
    end++;
  }
  const text = state.getLines(startLine, end, state.blkIndent, false).trim();
  pushParagraph(state, text, [startLine, end]);
  state.line = end;
  return true;
}

/** Cells beyond the header's columns are dropped by GitHub's rule for tables; here they follow as further cells. */
function spareCells(state: StateCore): void {
  if (!state.tokens.some((token) => token.type === "table_open")) return;
  const lines = state.src.split("\n");
  let cells: string[] = [];
  let line = 0;
  state.tokens = state.tokens.flatMap((token, index) => {
    if (token.type === "tr_open") {
      cells = [];
      line = token.map?.[0] ?? 0;
    }
    if (token.type === "td_open") cells.push(state.tokens[index + 1]?.content ?? "");
    if (token.type !== "tr_close" || cells.length === 0) return [token];
    return [...spare(lines[line] ?? "", cells).flatMap((text) => cell(state, text)), token];
  });
}

function spare(line: string, cells: readonly string[]): string[] {
  const pieces = line.split(/(?<!\\)\|/).map((piece) => piece.replaceAll("\\|", "|").trim());
  if (pieces.at(-1) === "") pieces.pop();
  // Before the first bar stands nothing, the marks of the blocks around, or, without that bar, the first cell.
  const first = cells[0] ?? "";
  const begin = first !== "" && pieces[0]?.endsWith(first) === true ? 0 : 1;
  return pieces.slice(begin + cells.length);
}

function cell(state: StateCore, text: string): Token[] {
  const open = new state.Token("td_open", "td", 1);
  const inline = new state.Token("inline", "", 0);
  inline.content = text;
  inline.children = [];
  return [open, inline, new state.Token("td_close", "td", -1)];
}
