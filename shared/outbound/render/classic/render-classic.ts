import type { Block, Document, List, ListItem } from "../document.ts";
import type { EntityKind, FormattedText } from "../formatted-text.ts";
import { writeInline } from "./inline-writer.ts";
import { writeTable } from "./table-writer.ts";
import { TextWriter } from "./text-writer.ts";

/** Quotes beyond either number are shown folded: clients fold to three lines, and unfold at a touch. */
const longQuote = { lines: 8, characters: 600 };

/** Deeper lists are not indented further: phones have no room for it. */
const maxIndentedDepth = 6;
const indentation = "    ";
const bullets = ["•", "◦", "▪"];

/** Markdown as text and entities (docs/rendering.md has the table). */
export function renderClassic(document: Document): FormattedText {
  const writer = new TextWriter();
  new BlockWriter(writer, 0, 0).writeAll(document, 2);
  return writer.finish();
}

class BlockWriter {
  private readonly writer: TextWriter;
  private readonly listDepth: number;
  private readonly quoteDepth: number;

  constructor(writer: TextWriter, listDepth: number, quoteDepth: number) {
    this.writer = writer;
    this.listDepth = listDepth;
    this.quoteDepth = quoteDepth;
  }

  /** `gap`: line breaks between blocks. A heading stays with what follows it. */
  writeAll(blocks: readonly Block[], gap: number): void {
    let previous: Block | undefined;
    for (const block of blocks) {
      if (previous !== undefined) this.writer.requestBreaks(previous.kind === "heading" ? 1 : gap);
      this.write(block);
      previous = block;
    }
  }

  private write(block: Block): void {
    const { writer } = this;
    switch (block.kind) {
      case "paragraph":
        writeInline(writer, block.content);
        return;
      case "heading":
        writer.mark({ type: "bold" }, () => writeInline(writer, block.content));
        return;
      case "code":
        this.code(block.text, block.language, block.note);
        return;
      case "quote":
        this.quote(block.blocks);
        return;
      case "list":
        this.list(block);
        return;
      case "table":
        writer.unglue();
        writer.withoutPrefix(() => writeTable(writer, block));
        return;
      case "details":
        writer.mark({ type: "bold" }, () => writeInline(writer, block.summary));
        writer.requestBreaks(1);
        this.writeAll(block.blocks, 2);
        return;
      case "formula":
        writer.write(block.source);
        return;
      case "rule":
        writer.write("———");
    }
  }

  private code(text: string, language: string | undefined, note: string | undefined): void {
    const { writer } = this;
    writer.unglue();
    if (note !== undefined) {
      writer.write(note);
      writer.requestBreaks(1);
    }
    if (text.trim() === "") return;
    const kind = language === undefined ? { type: "pre" } : { type: "pre", language };
    writer.withoutPrefix(() => writer.writeApart(kind, expandTabs(text)));
  }

  /** Telegram's quotes do not nest: an inner one is marked by `>`, as in a letter. */
  private quote(blocks: readonly Block[]): void {
    const { writer, listDepth, quoteDepth } = this;
    const inner = new BlockWriter(writer, 0, quoteDepth + 1);
    if (quoteDepth > 0) {
      writer.withPrefix("> ", () => inner.writeAll(blocks, 1));
      return;
    }
    writer.unglue();
    const body = (): void => writer.markBlock(() => inner.writeAll(blocks, 1), quoteKind);
    if (listDepth > 0) writer.withoutPrefix(body);
    else body();
  }

  private list(list: List): void {
    const { writer, listDepth } = this;
    const inner = new BlockWriter(writer, listDepth + 1, this.quoteDepth);
    list.items.forEach((item, index) => {
      if (index > 0) writer.requestBreaks(list.tight ? 1 : 2);
      if (listDepth > 0 && index === 0) writer.unglue();
      writer.write(`${marker(item, listDepth)} `);
      writer.glue();
      const prefix = listDepth < maxIndentedDepth ? indentation : "";
      writer.withPrefix(prefix, () => inner.writeAll(item.blocks, list.tight ? 1 : 2));
      // An empty item left its line open.
      writer.unglue();
    });
  }
}

function marker({ number, checked }: ListItem, depth: number): string {
  const box = checked === undefined ? "" : checked ? "☑" : "☐";
  if (number !== undefined) return box === "" ? `${number}.` : `${number}. ${box}`;
  return box === "" ? (bullets[depth % bullets.length] ?? "•") : box;
}

function quoteKind(text: string): EntityKind {
  const lines = text.split("\n").length;
  const long = lines > longQuote.lines || text.length > longQuote.characters;
  return { type: long ? "expandable_blockquote" : "blockquote" };
}

/** Telegram makes one space of a tab; indentation must survive. */
const expandTabs = (text: string): string => text.replaceAll("\t", "    ");
