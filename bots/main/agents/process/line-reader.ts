import { StringDecoder } from "node:string_decoder";

/** Honest lines have a few megabytes; this one only keeps a program that never ends its line from eating all memory. */
const longestLineChars = 128 * 1024 * 1024;

/**
 * Turns chunks into lines of whatever length; characters split between chunks stay whole. Every chunk is looked at once,
 * however long its line grows.
 */
export class LineReader {
  private readonly decoder = new StringDecoder("utf8");
  private readonly emit: (line: string) => void;
  private readonly maxChars: number;
  private parts: string[] = [];
  private chars = 0;

  constructor(emit: (line: string) => void, maxChars: number = longestLineChars) {
    this.emit = emit;
    this.maxChars = maxChars;
  }

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  /** The half line that a dying program left. */
  end(): void {
    this.take(this.decoder.end());
    if (this.chars > 0) this.finishLine();
  }

  private take(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.keep(text.slice(from, at));
      this.finishLine();
      from = at + 1;
    }
    this.keep(text.slice(from));
  }

  private keep(part: string): void {
    if (part === "") return;
    this.chars += part.length;
    // What is too long is not kept; its stump is no JSON and is counted as broken.
    if (this.chars <= this.maxChars) this.parts.push(part);
  }

  private finishLine(): void {
    const line = this.parts.join("");
    this.parts = [];
    this.chars = 0;
    this.emit(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
