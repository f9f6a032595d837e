import type {
  Alignment,
  Block,
  Document,
  Inline,
  List,
  ListItem,
  Table,
  TableCell,
} from "../document.ts";
import { readInline } from "./inline-from-tokens.ts";
import type { Token } from "./library.ts";
import { normalize, parseTokens } from "./parser.ts";

/** Reads a Markdown text. Nothing is refused: what is no Markdown is text. */
export function readMarkdown(markdown: string): Document {
  const source = normalize(markdown);
  return new TokenReader(source, parseTokens(source)).readAll();
}

class TokenReader {
  private readonly source: string;
  private lines: readonly string[] | undefined;
  private readonly tokens: readonly Token[];
  private readonly usedLabels: ReadonlySet<unknown>;
  private at = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
    this.usedLabels = new Set(
      tokens.flatMap((token) => token.children ?? []).map((token) => token.meta?.["label"]),
    );
  }

  readAll(): Document {
    return this.blocksUntil("");
  }

  private blocksUntil(end: string): Block[] {
    const blocks: Block[] = [];
    for (;;) {
      const token = this.next();
      if (token === undefined || token.type === end) return blocks;
      const block = this.block(token);
      if (block !== undefined) blocks.push(block);
    }
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private block(token: Token): Block | undefined {
    switch (token.type) {
      case "paragraph_open":
        return { kind: "paragraph", content: this.inlineUntil("paragraph_close") };
      case "heading_open": {
        const level = Number(token.tag.slice(1));
        return { kind: "heading", level, content: this.inlineUntil("heading_close") };
      }
      case "fence":
      case "code_block":
        return codeBlock(token);
      case "blockquote_open":
        return { kind: "quote", blocks: this.blocksUntil("blockquote_close") };
      case "bullet_list_open":
        return this.list(false, "bullet_list_close");
      case "ordered_list_open":
        return this.list(true, "ordered_list_close");
      case "table_open":
        return this.table();
      case "details_open": {
        const summary = readInline(this.next()?.children ?? []);
        const blocks = this.blocksUntil("details_close");
        return { kind: "details", open: token.meta?.["open"] === true, summary, blocks };
      }
      case "formula_block":
        return { kind: "formula", expression: token.content, source: token.markup };
      case "hr":
        return { kind: "rule" };
      case "reference_definition":
        return this.definition(token);
      default:
        return token.content === "" ? undefined : paragraph(token.content);
    }
  }

  private inlineUntil(end: string): Inline[] {
    const content: Inline[] = [];
    for (;;) {
      const token = this.next();
      if (token === undefined || token.type === end) return content;
      content.push(...readInline(token.children ?? []));
    }
  }

  /** The address of a link that no text uses is text. */
  private definition(token: Token): Block | undefined {
    if (this.usedLabels.has(token.meta?.["label"])) return undefined;
    const [start, end] = token.map ?? [0, 0];
    this.lines ??= this.source.split("\n");
    return paragraph(this.lines.slice(start, end).join("\n").trim());
  }

  private list(ordered: boolean, end: string): List {
    const items: ListItem[] = [];
    let tight = true;
    let number = 0;
    for (;;) {
      const token = this.next();
      if (token === undefined || token.type === end) return { kind: "list", ordered, tight, items };
      // A paragraph is hidden where its list is tight.
      const first = this.tokens[this.at];
      if (first?.type === "paragraph_open" && !first.hidden) tight = false;
      const item = task(this.blocksUntil("list_item_close"));
      // Markdown counts on from the first; a number that goes ahead was meant ("see 9").
      const written = Number(token.info);
      number = items.length === 0 ? written : Math.max(number + 1, written);
      items.push(ordered ? { ...item, number } : item);
    }
  }

  private table(): Table {
    const alignments: Alignment[] = [];
    const rows: TableCell[][] = [];
    for (;;) {
      const token = this.next();
      if (token === undefined || token.type === "table_close") break;
      if (token.type === "tr_open") rows.push([]);
      if (token.type === "th_open") alignments.push(alignmentOf(token));
      if (token.type === "th_open" || token.type === "td_open")
        rows.at(-1)?.push(readInline(this.next()?.children ?? []));
    }
    const [header = [], ...body] = rows;
    return { kind: "table", alignments, header, rows: body };
  }
}

const paragraph = (text: string): Block => ({
  kind: "paragraph",
  content: text
    .split("\n")
    .flatMap((line, index): Inline[] => [
      ...(index > 0 ? [{ kind: "break" } as const] : []),
      { kind: "text", text: line },
    ]),
});

function codeBlock(token: Token): Block {
  const [language = "", ...rest] = token.info.trim().split(/\s+/);
  const text = token.content.replace(/\n$/, "");
  // A fence without code (a text that is still being written) shows what it has.
  const empty = text.trim() === "";
  const note = (empty ? [language, ...rest] : rest).join(" ").trim();
  return {
    kind: "code",
    text,
    ...(language === "" || empty ? {} : { language }),
    ...(note === "" ? {} : { note }),
  };
}

function alignmentOf(token: Token): Alignment {
  const style = String(token.attrGet("style") ?? "");
  if (style.endsWith("right")) return "right";
  return style.endsWith("center") ? "center" : "left";
}

/** `- [x] done` is a task; the mark is taken off its text. */
function task(blocks: Block[]): ListItem {
  const [first, ...rest] = blocks;
  if (first?.kind !== "paragraph") return { blocks };
  const [head, ...content] = first.content;
  const mark = head?.kind === "text" ? /^\[([ xX])\](?:\s+|$)/.exec(head.text) : null;
  if (head?.kind !== "text" || mark === null) return { blocks };
  const text = head.text.slice(mark[0].length);
  const stripped: Inline[] = text === "" ? content : [{ kind: "text", text }, ...content];
  return {
    checked: mark[1] !== " ",
    blocks: [{ kind: "paragraph", content: stripped }, ...rest],
  };
}
