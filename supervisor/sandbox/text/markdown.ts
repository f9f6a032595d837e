import { byteOffset, type FormattedText, MarkupError, TextBuilder } from "./formatted.ts";

interface OpenMark {
  readonly mark: string;
  readonly position: number;
  readonly offset: number;
}

const markTypes: Readonly<Record<string, readonly [type: string, name: string]>> = {
  "*": ["bold", "Bold"],
  _: ["italic", "Italic"],
  __: ["underline", "Underline"],
  "~": ["strikethrough", "Strikethrough"],
  "||": ["spoiler", "Spoiler"],
  "[": ["text_link", "TextUrl"],
};

/** Characters that have a meaning somewhere in MarkdownV2 and must be escaped everywhere else. */
const reserved = "_*[]()~`>#+-=|{}.!";

/**
 * `parse_mode: MarkdownV2`: bold, italic, underline, strikethrough, spoiler, links, code, pre and escapes; quotes
 * only as whole lines. @throws MarkupError in Telegram's words
 */
export function parseMarkdownV2(source: string): FormattedText {
  const builder = new TextBuilder();
  const open: OpenMark[] = [];
  let quote: number | undefined;
  for (let at = 0; at < source.length; ) {
    const lineStart = at === 0 || source[at - 1] === "\n";
    if (lineStart && source[at] === ">") {
      quote ??= builder.length;
      at += 1;
      continue;
    }
    if (lineStart && quote !== undefined) {
      builder.mark(quote, { type: "blockquote" });
      quote = undefined;
    }
    at = readOne(source, at, builder, open);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw endNotFound(source, unclosed.position, unclosed.mark);
  if (quote !== undefined) builder.mark(quote, { type: "blockquote" });
  return builder.finish();
}

function readOne(source: string, at: number, builder: TextBuilder, open: OpenMark[]): number {
  const character = source.charAt(at);
  if (character === "\\" && isAscii(source[at + 1])) {
    builder.write(source.charAt(at + 1));
    return at + 2;
  }
  if (character === "`") return readCode(source, at, builder);
  const innermost = open.at(-1);
  if (character === "]" && innermost?.mark === "[") {
    open.pop();
    return closeLink(source, at, builder, innermost);
  }
  const mark = ["__", "||", "*", "_", "~", "["].find((known) => source.startsWith(known, at));
  if (mark !== undefined) {
    if (mark !== "[" && innermost?.mark === mark) {
      open.pop();
      builder.mark(innermost.offset, { type: markTypes[mark]?.[0] ?? mark });
    } else open.push({ mark, position: at, offset: builder.length });
    return at + mark.length;
  }
  if (reserved.includes(character))
    throw new MarkupError(
      `Character '${character}' is reserved and must be escaped with the preceding '\\'`,
    );
  builder.write(character);
  return at + 1;
}

/** Inside code only the backtick and the backslash can be escaped; the rest is taken as it stands. */
function readCode(source: string, at: number, builder: TextBuilder): number {
  const fence = source.startsWith("```", at) ? "```" : "`";
  const offset = builder.length;
  let from = at + fence.length;
  const language = fence === "```" ? /^[^\s`]*\n/.exec(source.slice(from))?.[0] : undefined;
  if (language !== undefined) from += language.length;
  for (let position = from; position < source.length; position += 1) {
    if (source.startsWith(fence, position)) {
      const name = language?.trim() ?? "";
      if (fence === "`") builder.mark(offset, { type: "code" });
      else builder.mark(offset, { type: "pre", ...(name === "" ? {} : { language: name }) });
      return position + fence.length;
    }
    if (source[position] === "\\" && position + 1 < source.length) position += 1;
    builder.write(source.charAt(position));
  }
  throw endNotFound(source, at, fence);
}

function closeLink(source: string, at: number, builder: TextBuilder, opened: OpenMark): number {
  if (source[at + 1] !== "(") return at + 1;
  let url = "";
  for (let position = at + 2; position < source.length; position += 1) {
    if (source[position] === ")") {
      if (url !== "") builder.mark(opened.offset, { type: "text_link", url });
      return position + 1;
    }
    if (source[position] === "\\" && isAscii(source[position + 1])) position += 1;
    url += source[position];
  }
  throw new MarkupError(`Can't find end of a URL at byte offset ${byteOffset(source, at + 1)}`);
}

function endNotFound(source: string, position: number, mark: string): MarkupError {
  const names: Readonly<Record<string, string>> = { "`": "Code", "```": "Pre" };
  const name = names[mark] ?? markTypes[mark]?.[1] ?? mark;
  return new MarkupError(
    `Can't find end of ${name} entity at byte offset ${byteOffset(source, position)}`,
  );
}

function isAscii(character: string | undefined): boolean {
  const code = character?.charCodeAt(0) ?? 0;
  return code > 0 && code < 127;
}

/** The old `parse_mode: Markdown`: bold, italic, code, pre, links; nothing nests. @throws MarkupError */
export function parseMarkdown(source: string): FormattedText {
  const builder = new TextBuilder();
  const piece =
    /\\([_*`[])|```([^\s`]+\n)?([^]*?)```|\*([^*]*)\*|_([^_]*)_|`([^`]*)`|\[([^\]]*)\]\(([^)]*)\)|([_*`[])|[^]/gy;
  for (let match = piece.exec(source); match !== null; match = piece.exec(source)) {
    const [all, escaped, language, pre, bold, italic, code, label, url, alone] = match;
    if (alone !== undefined)
      throw new MarkupError(
        `Can't find end of the entity starting at byte offset ${byteOffset(source, match.index)}`,
      );
    const offset = builder.length;
    builder.write(escaped ?? pre ?? bold ?? italic ?? code ?? label ?? all);
    const name = language?.trim();
    if (pre !== undefined)
      builder.mark(offset, { type: "pre", ...(name === undefined ? {} : { language: name }) });
    else if (bold !== undefined) builder.mark(offset, { type: "bold" });
    else if (italic !== undefined) builder.mark(offset, { type: "italic" });
    else if (code !== undefined) builder.mark(offset, { type: "code" });
    else if (label !== undefined && url !== undefined)
      builder.mark(offset, { type: "text_link", url });
  }
  return builder.finish();
}
