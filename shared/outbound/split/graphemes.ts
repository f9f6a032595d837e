const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const simple = /^[\n\x20-\x7e]*$/;

/** Where a text may be cut: between the characters that people see, flags, families and accents included. */
export class Graphemes {
  private readonly text: string;
  private readonly segments: Intl.Segments | undefined;

  constructor(text: string) {
    this.text = text;
    this.segments = simple.test(text) ? undefined : segmenter.segment(text);
  }

  /** The last boundary at or before `index`. */
  before(index: number): number {
    if (index <= 0 || index >= this.text.length)
      return Math.min(Math.max(index, 0), this.text.length);
    return this.segments?.containing(index)?.index ?? index;
  }

  isBoundary(index: number): boolean {
    return this.before(index) === index;
  }
}
