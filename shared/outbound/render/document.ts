/**
 * A Markdown text, understood: what both forms of a message (classic and rich) are written from. Links are already
 * judged: a target that Telegram would refuse stands here as readable text.
 */

export type InlineStyle = "bold" | "italic" | "strikethrough";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "style"; readonly style: InlineStyle; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  /** `href` is one that Telegram takes. Links do not nest. */
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** `source` is the formula with its delimiters, as the author wrote it. */
  | { readonly kind: "formula"; readonly expression: string; readonly source: string };

export interface ListItem {
  /** Of an ordered list: the number to show. */
  readonly number?: number;
  /** Of a task: done or not. */
  readonly checked?: boolean;
  readonly blocks: readonly Block[];
}

export type Alignment = "left" | "center" | "right";
export type TableCell = readonly Inline[];

export interface Table {
  readonly kind: "table";
  /** One per column; rows may be shorter or longer. */
  readonly alignments: readonly Alignment[];
  readonly header: readonly TableCell[];
  readonly rows: readonly (readonly TableCell[])[];
}

export interface List {
  readonly kind: "list";
  readonly ordered: boolean;
  /** No empty lines between the items. */
  readonly tight: boolean;
  readonly items: readonly ListItem[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly content: readonly Inline[] }
  /** `level` 1 (largest) to 6. */
  | { readonly kind: "heading"; readonly level: number; readonly content: readonly Inline[] }
  /** `note`: what follows the language in the opening fence, often a file name. */
  | {
      readonly kind: "code";
      readonly language?: string;
      readonly note?: string;
      readonly text: string;
    }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | List
  | Table
  | {
      readonly kind: "details";
      readonly open: boolean;
      readonly summary: readonly Inline[];
      readonly blocks: readonly Block[];
    }
  | { readonly kind: "formula"; readonly expression: string; readonly source: string }
  | { readonly kind: "rule" };

export type Document = readonly Block[];

/** The text of inline content, without its styles; line breaks become `lineBreak`. */
export function plainText(content: readonly Inline[], lineBreak = "\n"): string {
  return content
    .map((inline) => {
      switch (inline.kind) {
        case "text":
        case "code":
          return inline.text;
        case "break":
          return lineBreak;
        case "formula":
          return inline.source;
        case "style":
        case "link":
          break;
      }
      return plainText(inline.children, lineBreak);
    })
    .join("");
}
