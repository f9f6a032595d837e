import { type Inline, type InlineStyle, plainText } from "../document.ts";
import type { Token } from "./library.ts";
import { linkTarget, shownTarget } from "./link-target.ts";

/** Styles nested deeper are left out, their text stays: no screen shows them, and no stack should grow with them. */
const maxDepth = 16;

const styles: Readonly<Record<string, InlineStyle>> = {
  strong: "bold",
  em: "italic",
  s: "strikethrough",
};

interface Open {
  readonly token: Token | undefined;
  readonly children: Inline[];
}

/** Reads the children of an inline token. */
export function readInline(tokens: readonly Token[]): Inline[] {
  const root: Open = { token: undefined, children: [] };
  const open: Open[] = [root];
  for (const token of tokens) {
    const top = open.at(-1) ?? root;
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === -1 && open.length > 1) {
      open.pop();
      closeInto(open, top);
    } else append(top.children, leaf(token, open));
  }
  return root.children;
}

function closeInto(open: readonly Open[], { token, children }: Open): void {
  const parent = open.at(-1)?.children;
  if (parent === undefined || token === undefined) return;
  const kind = token.type.replace(/_open$/, "");
  const style = styles[kind];
  if (kind === "link") append(parent, link(String(token.attrGet("href") ?? ""), children, open));
  else if (style === undefined || open.length > maxDepth) append(parent, children);
  else if (children.length > 0) parent.push({ kind: "style", style, children });
}

function leaf(token: Token, open: readonly Open[]): readonly Inline[] {
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      return [{ kind: "break" }];
    case "code_inline":
      return [{ kind: "code", text: token.content }];
    case "formula_inline":
      return [{ kind: "formula", expression: token.content, source: token.markup }];
    case "image":
      return image(token, open);
    case "html_inline":
      return /^<br\s*\/?>$/i.test(token.content) ? [{ kind: "break" }] : text(token.content);
    default:
      return text(token.content);
  }
}

const text = (content: string): readonly Inline[] => [{ kind: "text", text: content }];

/** An image is a link to it: the picture itself may be anywhere, or nowhere. */
function image(token: Token, open: readonly Open[]): readonly Inline[] {
  const label = readInline(token.children ?? []);
  return link(String(token.attrGet("src") ?? ""), label, open);
}

function link(target: string, label: readonly Inline[], open: readonly Open[]): readonly Inline[] {
  const shown = plainText(label);
  // Telegram finds an address that is its own label.
  if (shown === target) return text(shown);
  // A link in a link (a badge: an image that is a link) keeps the outer target, and shows its own.
  const inLink = open.some(({ token }) => token?.type === "link_open");
  const href = inLink ? undefined : linkTarget(target);
  if (href === undefined) return [...label, ...text(shownTarget(shown, target))];
  return [{ kind: "link", href, children: shown.trim() === "" ? text(target) : label }];
}

/** Appends, joining neighbouring texts. */
function append(list: Inline[], added: readonly Inline[]): void {
  for (const inline of added) {
    const last = list.at(-1);
    if (inline.kind === "text" && inline.text === "") continue;
    if (inline.kind === "text" && last?.kind === "text")
      list[list.length - 1] = { kind: "text", text: last.text + inline.text };
    else list.push(inline);
  }
}
