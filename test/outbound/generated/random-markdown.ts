/** A generated Markdown document, and the words that must be readable whatever becomes of its markup. */
export interface GeneratedDocument {
  readonly markdown: string;
  readonly words: readonly string[];
}

const ornaments: readonly [string, ...string[]] = [
  "👍🏽",
  "👨‍👩‍👧‍👦",
  "🇩🇪🇫🇷🇯🇵",
  "שלום",
  "مرحبا",
  "日本語",
  "e\u0301\u0323",
  "\u{1F9D1}\u200D\u{1F4BB}",
  "नमस्ते",
  "𝒳",
  "\ud83d",
  "a\u00a0b",
];

/** Markup that is broken on its own, and dangerous beside other text. */
const junk: readonly [string, ...string[]] = [
  "*",
  "**",
  "_",
  "~~",
  "`",
  "``",
  "[",
  "]",
  "](",
  "![",
  "<",
  ">",
  "|",
  "\\",
  "#",
  "$",
  "$$",
  "\\(",
  "&",
  "&#",
  "<!--",
  "<b>",
  "</details>",
  "```",
  "- ",
  "1. ",
  "---",
  "[^1]",
  "@",
  "http://",
  "(",
  ")",
  "{",
  "~",
];

/** Writes documents from the odd to the broken; the same numbers give the same document. */
export class MarkdownGenerator {
  private readonly random: () => number;
  private words: string[] = [];
  private lastWord = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  document(): GeneratedDocument {
    this.words = [];
    const count = 1 + this.below(7);
    const blocks = Array.from({ length: count }, () => this.block(0));
    const markdown = blocks.join(this.chance(0.1) ? "\n" : "\n\n");
    return { markdown, words: this.words };
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private pick<Item extends string>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  private word(): string {
    this.lastWord++;
    const word = `q${this.lastWord}z`;
    this.words.push(word);
    if (this.chance(0.2)) return word + this.pick(ornaments);
    return this.chance(0.01)
      ? word + this.pick(["x", "👩‍👩‍👦", "ö"]).repeat(this.below(3_000))
      : word;
  }

  private text(limit = 12): string {
    return Array.from({ length: 1 + this.below(limit) }, () => this.inline(0)).join(" ");
  }

  private inline(depth: number): string {
    if (depth > 4) return this.word();
    const inner = (): string => this.inline(depth + 1);
    switch (this.below(16)) {
      case 0:
        return `**${inner()}**`;
      case 1:
        return `*${inner()} ${inner()}*`;
      case 2:
        return `~~${inner()}~~`;
      case 3:
        return `\`${this.word()}\``;
      case 4:
        return `[${inner()}](${this.target()})`;
      case 5:
        // In a link an image would lose its own target, as a badge does.
        return depth === 0 ? `![${this.word()}](${this.target()})` : this.word();
      case 6:
        return this.chance(0.3) ? `$${this.word()}_1$` : this.word();
      case 7:
        return this.chance(0.5) ? this.pick(junk) + this.word() + this.pick(junk) : this.word();
      case 8:
        return this.chance(0.2) ? `${this.word()}\n${this.word()}` : this.word();
      case 9:
        return this.chance(0.2) ? `${this.word()}<br>${this.word()}` : `__${inner()}__`;
      default:
        return this.word();
    }
  }

  private target(): string {
    const word = this.word().replace(/[^\x21-\x7e]/g, "");
    return this.pick([
      `https://${word}.example.com/a_b`,
      `src/${word}.ts#L1`,
      `http://localhost:3000/${word}`,
      `javascript:${word}`,
      `<${word}>`,
    ]);
  }

  private block(depth: number): string {
    const deep = depth > 6;
    switch (this.below(deep ? 4 : 14)) {
      case 0:
        return `${"#".repeat(1 + this.below(6))} ${this.text(5)}`;
      case 1:
        return this.code();
      case 2:
        return this.chance(0.2) ? this.long() : this.text();
      case 4:
      case 5:
        return this.list(depth);
      case 6:
        return this.table();
      case 7:
        return this.indented(this.blocks(depth), () => "> ");
      case 8:
        return `<details><summary>${this.text(3)}</summary>\n\n${this.blocks(depth)}\n\n</details>`;
      case 9:
        return this.chance(0.5) ? `$$\n${this.word()}^2\n$$` : "---";
      case 10:
        return this.chance(0.3) ? this.pile() : this.text();
      case 11:
        return `[^${this.below(9)}]: ${this.text(4)}`;
      case 12:
        return Array.from({ length: 1 + this.below(30) }, () =>
          this.chance(0.7) ? this.pick(junk) : this.word(),
        ).join(this.pick(["", " ", "\n"]));
      default:
        return this.text(40);
    }
  }

  private blocks(depth: number): string {
    return Array.from({ length: 1 + this.below(3) }, () => this.block(depth + 1)).join("\n\n");
  }

  private indented(text: string, prefix: (line: number) => string): string {
    return text
      .split("\n")
      .map((line, index) => prefix(index) + line)
      .join("\n");
  }

  private list(depth: number): string {
    const mark = this.pick(["- ", "* ", "1. ", "7) ", "- [ ] ", "- [x] "]);
    const gap = this.pick(["\n", "\n\n"]);
    return Array.from({ length: 1 + this.below(4) }, () => {
      const content = this.chance(0.3) ? this.blocks(depth) : this.text(4);
      return this.indented(content, (line) => (line === 0 ? mark : "    "));
    }).join(gap);
  }

  private table(): string {
    const columns = 1 + this.below(this.chance(0.05) ? 30 : 5);
    const row = (cells: number): string =>
      `| ${Array.from({ length: cells }, () => this.text(2).replaceAll("\n", " ")).join(" | ")} |`;
    const rule = `|${Array.from({ length: columns }, () => this.pick(["---", ":--", "--:", ":-:"])).join("|")}|`;
    const rows = Array.from({ length: this.below(5) }, () => row(1 + this.below(columns + 2)));
    return [row(columns), rule, ...rows].join("\n");
  }

  private code(): string {
    const fence = this.pick(["```", "~~~~"]);
    const lines = Array.from(
      { length: this.below(20) },
      () => " ".repeat(this.below(9)) + this.word(),
    );
    const end = this.chance(0.9) ? `\n${fence}` : "";
    return `${fence}${this.pick(["", "ts", "python main.py"])}\n${lines.join("\n")}${end}`;
  }

  /** Ends about where a message does, with characters that must not be cut. */
  private long(): string {
    const filler = "lorem ipsum ".repeat(341).slice(0, 4_085 + this.below(12));
    return `${filler}${this.pick(ornaments)}${this.word()} ${this.text(100)}`;
  }

  /** Deeper than anything a person writes. */
  private pile(): string {
    const depth = 10 + this.below(60);
    const shape = this.pick(["quotes", "list", "styles", "brackets"] as const);
    if (shape === "quotes") return ">".repeat(depth) + this.word();
    if (shape === "styles") return "**_".repeat(depth) + this.word();
    if (shape === "brackets") return "[".repeat(depth) + this.word() + "](a)".repeat(depth);
    const level = (index: number): string => `${" ".repeat(index * 2)}- ${this.word()}`;
    return Array.from({ length: depth }, (_, index) => level(index)).join("\n");
  }
}
