import type { MessageEntity } from "../../telegram/bot-api.ts";
import { isWhitespace } from "../render/formatted-text.ts";
import { graphemeStart, isGraphemeStart } from "./graphemes.ts";

/** A nicer place is taken only where it leaves no part emptier than this share of what fits. */
const minimalFill = 1 / 3;

interface Window {
  readonly text: string;
  /** Code blocks, in order. */
  readonly code: readonly MessageEntity[];
  readonly start: number;
  /** The part may not go beyond; the text does. */
  readonly end: number;
}

/** Where the part ends: after a paragraph, a line, a word, or, when a word fills the window, a character. */
export function breakPoint(window: Window): number {
  const { text, start, end } = window;
  const floor = start + Math.max(1, Math.ceil((end - start) * minimalFill));
  return (
    paragraphBreak(window, floor) ??
    lastBreak(window, floor, (index) => text[index] === "\n") ??
    lastBreak(window, floor, (index) => isWhitespace(text[index])) ??
    characterBreak(window)
  );
}

/** An empty line outside code: a code block that does not fit any more goes whole into the next part. */
function paragraphBreak(window: Window, floor: number): number | undefined {
  const { text, code } = window;
  return lastBreak(
    window,
    floor,
    (index) =>
      text[index] === "\n" &&
      text[index + 1] === "\n" &&
      !code.some(({ offset, length }) => index > offset && index < offset + length),
  );
}

function lastBreak(
  { text, start, end }: Window,
  floor: number,
  isBreak: (index: number) => boolean,
): number | undefined {
  for (let index = end; index >= floor; index--)
    if (isBreak(index) && isGraphemeStart(text, index, start)) return index;
  return undefined;
}

function characterBreak({ text, start, end }: Window): number {
  const boundary = graphemeStart(text, end, start);
  if (boundary > start) return boundary;
  // One character longer than a message (thousands of accents on a letter): only surrogate pairs stay whole.
  const pair =
    /[\ud800-\udbff]/.test(text[end - 1] ?? "") && /[\udc00-\udfff]/.test(text[end] ?? "");
  return pair && end - 1 > start ? end - 1 : end;
}

/** Where the next part begins: white space at a break is dropped, but not the indentation of a line of code. */
export function skipGap(text: string, code: readonly MessageEntity[], from: number): number {
  let index = from;
  while (isWhitespace(text[index]) && isGap(text, index, from)) index++;
  const block = code.find(({ offset, length }) => index >= offset && index < offset + length);
  if (block === undefined) return index;
  const lineStart = text.lastIndexOf("\n", index - 1) + 1;
  const indented = Math.max(lineStart > from ? lineStart : -1, block.offset);
  return indented >= from ? Math.min(indented, index) : index;
}

/** False for a space that carries an accent: it is a character to show. */
const isGap = (text: string, index: number, from: number): boolean =>
  isWhitespace(text[index + 1]) || isGraphemeStart(text, index + 1, from);

/** The end of a part without the white space before the break. */
export function trimEnd(text: string, start: number, end: number): number {
  let index = end;
  while (index > start && isWhitespace(text[index - 1]) && isGraphemeStart(text, index - 1, start))
    index--;
  return index;
}
