import type { RichBlock } from "../../../shared/telegram/bot-api.ts";
import {
  blockFields,
  cellFields,
  type FieldKind,
  type Fields,
  itemFields,
  textFields,
} from "./field-tables.ts";
import { labels } from "./list-labels.ts";

/** The blocks cannot be read; the message is Telegram's, without its prefix. */
export class RichProblem extends Error {
  override readonly name = "RichProblem";
}

type Node = Record<string, unknown>;

/**
 * Blocks as they come back in a message: fields that Telegram does not know are dropped without a word, list items
 * get their labels. @throws RichProblem
 */
export function readBlocks(value: unknown, isDraft: boolean): RichBlock[] {
  const blocks = listOf(value, "InputRichBlock").map((block) => readBlock(block, isDraft));
  if (areBlocks(blocks)) return blocks;
  throw new RichProblem("can't parse InputRichBlock");
}

/** Every one of them was read by the tables, which are the library's types. */
function areBlocks(blocks: readonly Node[]): blocks is RichBlock[] & Node[] {
  return blocks.every((block) => typeof block["type"] === "string");
}

function readBlock(value: unknown, isDraft: boolean): Node {
  const node = objectOf(value, "InputRichBlock");
  const type = typeOf(node, "InputRichBlock");
  // "Thinking..." stands in drafts only (Bot API, InputRichBlockThinking).
  const fields = type === "thinking" && !isDraft ? undefined : blockFields[type];
  if (fields === undefined)
    throw new RichProblem(`can't parse InputRichBlock: type "${type}" is unsupported`);
  return { type, ...readFields(node, fields, "InputRichBlock", isDraft) };
}

function readText(value: unknown, isDraft: boolean): unknown {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((part) => readText(part, isDraft));
  const node = objectOf(value, "RichText");
  const type = typeOf(node, "RichText");
  const fields = textFields[type];
  if (fields === undefined)
    throw new RichProblem(`can't parse RichText: type "${type}" is unsupported`);
  return { type, ...readFields(node, fields, "RichText", isDraft) };
}

function readFields(node: Node, fields: Fields, what: string, isDraft: boolean): Node {
  const read: Node = {};
  for (const [field, kind] of Object.entries(fields)) {
    const name = field.replace(/\?$/, "");
    const value = node[name];
    if (value === undefined || value === null) {
      if (name !== field) continue;
      throw new RichProblem(`can't parse ${what}: Can't find field "${name}"`);
    }
    const content = readField(value, kind, `${what}: Field "${name}"`, isDraft);
    if (content !== undefined) read[name] = content;
  }
  return read;
}

function readField(value: unknown, kind: FieldKind, what: string, isDraft: boolean): unknown {
  switch (kind) {
    case "text":
      return readText(value, isDraft);
    case "blocks":
      return readBlocks(value, isDraft);
    case "items": {
      const items = listOf(value, "InputRichBlockListItem").map((item) =>
        readFields(objectOf(item, what), itemFields, "InputRichBlockListItem", isDraft),
      );
      const shown = labels(items);
      return items.map((item, index) => ({ label: shown[index], ...item }));
    }
    case "cells":
      return listOf(value, "RichBlockTableCell").map((row) =>
        listOf(row, "RichBlockTableCell").map((cell) => ({
          align: "left",
          valign: "top",
          ...readFields(objectOf(cell, what), cellFields, "RichBlockTableCell", isDraft),
        })),
      );
    case "flag":
      // Only `true` is ever shown; the type of the field is "True".
      return value === true ? true : undefined;
    case "object":
      return objectOf(value, what);
    case "objects":
      return listOf(value, what).map((one) => objectOf(one, what));
    case "string":
      if (typeof value !== "string")
        throw new RichProblem(`can't parse ${what} must be of type String`);
      return value;
    case "number":
      break;
  }
  if (typeof value !== "number")
    throw new RichProblem(`can't parse ${what} must be of type Number`);
  return value;
}

function objectOf(value: unknown, what: string): Node {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RichProblem(`can't parse ${what}: expected an Object`);
  return { ...value };
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new RichProblem(`can't parse ${what}: expected an Array`);
  return value;
}

function typeOf(node: Node, what: string): string {
  const { type } = node;
  if (typeof type !== "string")
    throw new RichProblem(`can't parse ${what}: Can't find field "type"`);
  return type;
}
