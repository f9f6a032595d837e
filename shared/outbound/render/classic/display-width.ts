const ascii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]|\p{Emoji}\ufe0f/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const maxMeasured = 200;

/** Columns that a text takes in monospace type: two for East Asian characters and emoji, none for marks alone. */
export function displayWidth(text: string): number {
  // Beyond every screen the exact number does not matter, and segmenting long texts is slow.
  if (ascii.test(text) || text.length > maxMeasured) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text))
    width += invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1;
  return width;
}
