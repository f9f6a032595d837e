const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Nothing joins this character to the next, unless that one is a mark, a joiner or a modifier. */
const closed = /[\n\x20-\x7e\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}]/u;
const joining = /[\p{M}\p{Cf}\p{Emoji_Modifier}\r\n\u0e33\u0eb3]/u;

/**
 * The beginning of the character that people see at `index`: flags, families and accents stay whole.
 * @param from a place at or before `index` where a character begins for sure
 */
export function graphemeStart(text: string, index: number, from: number): number {
  if (index <= from || index >= text.length) return Math.min(Math.max(index, from), text.length);
  // V8 copies the whole text for every segment it is asked about, so it gets as little as decides the question:
  // from a sure boundary close before to the code point at `index`.
  const start = sureBoundary(text, index, from);
  if (start === index) return index;
  const near = text.slice(start, index + 2);
  return start + (segmenter.segment(near).containing(index - start)?.index ?? index - start);
}

export function isGraphemeStart(text: string, index: number, from: number): boolean {
  return graphemeStart(text, index, from) === index;
}

function sureBoundary(text: string, index: number, from: number): number {
  for (let at = index; at > from; at--) {
    const next = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (closed.test(text[at - 1] ?? "") && !joining.test(next) && !isLow(text, at)) return at;
  }
  return from;
}

const isLow = (text: string, index: number): boolean => /[\udc00-\udfff]/.test(text[index] ?? "");
