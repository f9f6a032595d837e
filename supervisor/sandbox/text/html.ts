import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";
import { byteOffset, type FormattedText, MarkupError, TextBuilder } from "./formatted.ts";

interface OpenTag {
  readonly name: string;
  readonly offset: number;
  readonly entity: Omit<MessageEntity, "offset" | "length"> | undefined;
}

const plainTags: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  "tg-spoiler": "spoiler",
};

const namedCharacters: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
};

/** `parse_mode: HTML`. @throws MarkupError in Telegram's words */
export function parseHtml(source: string): FormattedText {
  const builder = new TextBuilder();
  const open: OpenTag[] = [];
  const piece = /<([^>]*)(>?)|&(#x?[0-9a-f]+|[a-z]+);|[^<&]+|&/giy;
  for (let match = piece.exec(source); match !== null; match = piece.exec(source)) {
    const [all, tag, closing, character] = match;
    if (tag === undefined)
      builder.write(character === undefined ? all : (decode(character) ?? all));
    else if (closing === "")
      throw new MarkupError(`Unclosed start tag at byte offset ${byteOffset(source, match.index)}`);
    else if (tag.startsWith("/")) closeTag(source, match.index, tag.slice(1).trim(), open, builder);
    else open.push(openTag(source, match.index, tag, open, builder));
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined)
    throw new MarkupError(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  return builder.finish();
}

function openTag(
  source: string,
  position: number,
  tag: string,
  open: readonly OpenTag[],
  builder: TextBuilder,
): OpenTag {
  const name = (/^[^\s/]*/.exec(tag)?.[0] ?? "").toLowerCase();
  const offset = builder.length;
  const attribute = (key: string): string | undefined => {
    const found = new RegExp(`\\s${key}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(
      tag,
    );
    const value = found?.[1] ?? found?.[2] ?? found?.[3];
    return value?.replaceAll(
      /&(#x?[0-9a-f]+|[a-z]+);/gi,
      (all, code: string) => decode(code) ?? all,
    );
  };
  const plain = plainTags[name];
  if (name === "code" && open.at(-1)?.name === "pre") {
    const language = /^language-(.+)$/.exec(attribute("class") ?? "")?.[1];
    const inPre = language === undefined ? undefined : { type: "pre", language };
    return { name, offset, entity: inPre };
  }
  if (plain !== undefined) return { name, offset, entity: { type: plain } };
  if (name === "pre") return { name, offset, entity: { type: "pre" } };
  if (name === "blockquote") {
    const type = /\sexpandable\b/i.test(tag) ? "expandable_blockquote" : "blockquote";
    return { name, offset, entity: { type } };
  }
  if (name === "a") {
    const url = attribute("href");
    return { name, offset, entity: url === undefined ? undefined : { type: "text_link", url } };
  }
  if (name === "span" && attribute("class") === "tg-spoiler")
    return { name, offset, entity: { type: "spoiler" } };
  if (name === "tg-emoji")
    return {
      name,
      offset,
      entity: { type: "custom_emoji", custom_emoji_id: attribute("emoji-id") ?? "" },
    };
  const where = byteOffset(source, position);
  if (name === "span")
    throw new MarkupError(`Tag "span" must have class "tg-spoiler" at byte offset ${where}`);
  throw new MarkupError(`Unsupported start tag "${name}" at byte offset ${where}`);
}

function closeTag(
  source: string,
  position: number,
  name: string,
  open: OpenTag[],
  builder: TextBuilder,
): void {
  const where = byteOffset(source, position);
  const tag = open.pop();
  if (tag === undefined) throw new MarkupError(`Unexpected end tag at byte offset ${where}`);
  if (name !== "" && name.toLowerCase() !== tag.name)
    throw new MarkupError(
      `Unmatched end tag at byte offset ${where}, expected "</${tag.name}>", found "</${name}>"`,
    );
  // `<pre><code class="language-x">` is one entity: the inner tag carries the language, the outer one nothing more.
  const outer = open.at(-1);
  if (tag.entity?.type === "pre" && tag.name === "code" && outer?.name === "pre")
    open[open.length - 1] = { ...outer, entity: undefined };
  if (tag.entity !== undefined) builder.mark(tag.offset, tag.entity);
}

function decode(code: string): string | undefined {
  if (!code.startsWith("#")) return namedCharacters[code.toLowerCase()];
  const hex = /^#x/i.test(code);
  const point = Number.parseInt(code.slice(hex ? 2 : 1), hex ? 16 : 10);
  return point > 0 && point <= 0x10_ff_ff ? String.fromCodePoint(point) : undefined;
}
