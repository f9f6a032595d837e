/** What a field holds. A `?` at the end of a field's name: it may be missing. */
export type FieldKind =
  | "text"
  | "string"
  | "number"
  | "flag"
  | "object"
  | "objects"
  | "blocks"
  | "items"
  | "cells";

export type Fields = Readonly<Record<string, FieldKind>>;

/**
 * InputRichBlock by type, as the library's types have it. Blocks with media in them are left out: this server knows
 * none in rich messages.
 */
export const blockFields: Readonly<Record<string, Fields>> = {
  paragraph: { text: "text" },
  heading: { text: "text", size: "number" },
  pre: { text: "text", "language?": "string" },
  footer: { text: "text" },
  divider: {},
  mathematical_expression: { expression: "string" },
  anchor: { name: "string" },
  list: { items: "items" },
  blockquote: { blocks: "blocks", "credit?": "text" },
  expandable_blockquote: { text: "text", "credit?": "text" },
  pullquote: { text: "text", "credit?": "text" },
  table: {
    cells: "cells",
    "is_bordered?": "flag",
    "is_striped?": "flag",
    "is_compact?": "flag",
    "caption?": "text",
  },
  details: { summary: "text", blocks: "blocks", "is_open?": "flag" },
  map: {
    location: "object",
    "zoom?": "number",
    "width?": "number",
    "height?": "number",
    "caption?": "object",
  },
  buttons: { buttons: "objects", "align?": "string" },
  thinking: { text: "text" },
};

export const itemFields: Fields = {
  blocks: "blocks",
  "has_checkbox?": "flag",
  "is_checked?": "flag",
  "value?": "number",
  "type?": "string",
};

export const cellFields: Fields = {
  "text?": "text",
  "is_header?": "flag",
  "colspan?": "number",
  "rowspan?": "number",
  "align?": "string",
  "valign?": "string",
};

const styled: Fields = { text: "text" };

/** RichText objects by type. */
export const textFields: Readonly<Record<string, Fields>> = {
  bold: styled,
  italic: styled,
  underline: styled,
  strikethrough: styled,
  spoiler: styled,
  subscript: styled,
  superscript: styled,
  marked: styled,
  code: styled,
  date_time: { text: "text", unix_time: "number", date_time_format: "string" },
  text_mention: { text: "text", user: "object" },
  custom_emoji: { custom_emoji_id: "string", alternative_text: "string" },
  mathematical_expression: { expression: "string" },
  url: { text: "text", url: "string" },
  email_address: { text: "text", email_address: "string" },
  phone_number: { text: "text", phone_number: "string" },
  bank_card_number: { text: "text", bank_card_number: "string" },
  mention: { text: "text", username: "string" },
  hashtag: { text: "text", hashtag: "string" },
  cashtag: { text: "text", cashtag: "string" },
  bot_command: { text: "text", bot_command: "string" },
  button: { button: "object" },
  anchor: { name: "string" },
  anchor_link: { text: "text", anchor_name: "string" },
  reference: { text: "text", name: "string" },
  reference_link: { text: "text", reference_name: "string" },
};
