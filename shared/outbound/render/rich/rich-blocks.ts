import type {
  InputRichBlock,
  InputRichBlockListItem,
  RichBlockTableCell,
} from "../../../telegram/bot-api.ts";
import { toPlainText } from "../classic/plain-text.ts";
import { renderClassic } from "../classic/render-classic.ts";
import type { Block, List, Table } from "../document.ts";
import { richText } from "./rich-text.ts";

/** Blocks nested deeper become text; with the six levels of inline content that stays within Telegram's 16. */
const maxDepth = 10;
/** Telegram's limit. A wider table becomes text, the rest of the message stays as it is. */
const maxColumns = 20;

/** Blocks for `sendRichMessage`. What Telegram would refuse in one block is written as text in that block alone. */
export function richBlocks(blocks: readonly Block[], depth = 1): InputRichBlock[] {
  return blocks.flatMap((block) => richBlock(block, depth));
}

function richBlock(block: Block, depth: number): InputRichBlock[] {
  switch (block.kind) {
    case "paragraph":
      return textBlock(richText(block.content), (text) => ({ type: "paragraph", text }));
    case "heading":
      return textBlock(richText(block.content), (text) => ({
        type: "heading",
        text,
        size: block.level,
      }));
    case "code":
      return code(block);
    case "formula":
      return [{ type: "mathematical_expression", expression: block.expression }];
    case "rule":
      return [{ type: "divider" }];
    case "quote":
    case "details":
    case "list":
    case "table":
      break;
  }
  return depth + nestedLevels(block) > maxDepth ? asText(block) : container(block, depth);
}

function textBlock<Text>(
  text: Text | undefined,
  build: (text: Text) => InputRichBlock,
): InputRichBlock[] {
  return text === undefined ? [] : [build(text)];
}

function code({ text, language, note }: Extract<Block, { kind: "code" }>): InputRichBlock[] {
  return [
    ...(note === undefined ? [] : [{ type: "paragraph", text: note }]),
    ...(text.trim() === ""
      ? []
      : [{ type: "pre", text, ...(language === undefined ? {} : { language }) }]),
  ];
}

type Container = Extract<Block, { kind: "quote" | "details" | "list" | "table" }>;

/** A list and a table hold a level of their own between them and their content: items, rows. */
const nestedLevels = ({ kind }: Container): number => (kind === "list" || kind === "table" ? 2 : 1);

function container(block: Container, depth: number): InputRichBlock[] {
  switch (block.kind) {
    case "quote": {
      const blocks = richBlocks(block.blocks, depth + 1);
      return blocks.length === 0 ? [] : [{ type: "blockquote", blocks }];
    }
    case "details": {
      const summary = richText(block.summary) ?? "…";
      const blocks = richBlocks(block.blocks, depth + 1);
      if (blocks.length === 0) return [{ type: "paragraph", text: summary }];
      const open = block.open ? ({ is_open: true } as const) : {};
      return [{ type: "details", summary, blocks, ...open }];
    }
    case "list":
      return list(block, depth);
    case "table":
      break;
  }
  return table(block);
}

function list({ items, ordered }: List, depth: number): InputRichBlock[] {
  const rich = items.flatMap(({ blocks, number, checked }): InputRichBlockListItem[] => {
    const content = richBlocks(blocks, depth + 2);
    if (content.length === 0) return [];
    return [
      {
        blocks: content,
        ...(ordered && number !== undefined ? { value: number, type: "1" } : {}),
        ...(checked === undefined ? {} : { has_checkbox: true as const }),
        ...(checked === true ? { is_checked: true as const } : {}),
      },
    ];
  });
  return rich.length === 0 ? [] : [{ type: "list", items: rich }];
}

function table(block: Table): InputRichBlock[] {
  const rows = [block.header, ...block.rows];
  const columns = Math.max(...rows.map((row) => row.length));
  if (columns > maxColumns) return asText(block);
  const cells = rows.map((row, index) =>
    Array.from({ length: columns }, (_, column): RichBlockTableCell => {
      const text = richText(row[column] ?? []);
      return {
        ...(text === undefined ? {} : { text }),
        ...(index === 0 ? { is_header: true as const } : {}),
        align: block.alignments[column] ?? "left",
        valign: "top",
      };
    }),
  );
  return [{ type: "table", cells, is_bordered: true }];
}

/** The block as a plain message shows it. */
function asText(block: Block): InputRichBlock[] {
  const { text } = toPlainText(renderClassic([block]));
  return text.trim() === "" ? [] : [{ type: "paragraph", text }];
}
