import {
  belongsToBlock,
  isIndentedCode,
  lineText,
  type MarkdownIt,
  type StateBlock,
  type StateInline,
} from "./library.ts";

/** A longer formula stays as it is written: no opening looks ahead further. */
const maxInlineLength = 1_000;
const maxBlockLines = 200;

const blockDelimiters = [
  { open: "$$", close: "$$" },
  { open: "\\[", close: "\\]" },
];

/**
 * Formulas as models write them: `$x$`, `\(x\)`, and `$$` or `\[` blocks. Their Markdown is not read, so that `_` and
 * `*` in them survive. `$` follows Pandoc's rule, so that "$5 and $10" are two prices.
 */
export function addFormulas(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "formula", inlineFormula);
  md.block.ruler.before("paragraph", "formula", blockFormula, {
    alt: ["paragraph", "blockquote", "list"],
  });
}

function inlineFormula(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const found = src.startsWith("\\(", pos)
    ? escapedFormula(state)
    : src[pos] === "$"
      ? dollarFormula(state)
      : undefined;
  if (found === undefined) return false;
  if (!silent) {
    const token = state.push("formula_inline", "", 0);
    token.content = src.slice(pos + found.mark, found.end - found.mark);
    token.markup = src.slice(pos, found.end);
  }
  state.pos = found.end;
  return true;
}

interface Found {
  readonly end: number;
  /** Length of one delimiter. */
  readonly mark: number;
}

function escapedFormula({ src, pos, posMax }: StateInline): Found | undefined {
  const window = src.slice(pos, Math.min(posMax, pos + maxInlineLength));
  const at = window.indexOf("\\)", 2);
  return at < 0 || window.slice(2, at).trim() === "" ? undefined : { end: pos + at + 2, mark: 2 };
}

function dollarFormula({ src, pos, posMax }: StateInline): Found | undefined {
  const mark = src[pos + 1] === "$" ? 2 : 1;
  const window = src.slice(pos, Math.min(posMax, pos + maxInlineLength));
  const at = window.indexOf("$".repeat(mark), mark);
  if (at < 0) return undefined;
  const inside = window.slice(mark, at);
  if (inside === "" || inside.trim() !== inside || /[\n`]/.test(inside)) return undefined;
  const wordBefore = /[\p{L}\p{N}]/u.test(src[pos - 1] ?? "");
  const wordAfter = /[\p{L}\p{N}]/u.test(src[pos + at + mark] ?? "");
  return wordBefore || wordAfter ? undefined : { end: pos + at + mark, mark };
}

function blockFormula(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  if (isIndentedCode(state, startLine)) return false;
  const first = lineText(state, startLine).trimEnd();
  const delimiter = blockDelimiters.find(({ open }) => first.startsWith(open));
  if (delimiter === undefined) return false;
  const last = closingLine(state, startLine, endLine, delimiter.close);
  if (last === undefined) return false;
  if (silent) return true;
  const lines: string[] = [];
  for (let line = startLine; line <= last; line++) lines.push(lineText(state, line).trimEnd());
  const source = lines.join("\n");
  const token = state.push("formula_block", "", 0);
  token.content = source.slice(2, -2).trim();
  token.markup = source;
  token.map = [startLine, last + 1];
  state.line = last + 1;
  return true;
}

function closingLine(
  state: StateBlock,
  startLine: number,
  endLine: number,
  close: string,
): number | undefined {
  const end = Math.min(endLine, startLine + maxBlockLines);
  for (let line = startLine; line < end && belongsToBlock(state, line); line++) {
    const text = lineText(state, line).trimEnd();
    const inside = line === startLine ? text.slice(2) : text;
    const at = inside.indexOf(close);
    // What stands after the end is not ours to drop: such a line is an ordinary paragraph.
    if (at >= 0) return at === inside.length - 2 && at + line > startLine ? line : undefined;
  }
  return undefined;
}
