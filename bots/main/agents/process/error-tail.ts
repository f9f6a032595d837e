import { redact } from "../../../../shared/redact.ts";
import { LineReader } from "./line-reader.ts";

const maxLines = 20;
const maxLineChars = 400;
const longestLineChars = 64 * 1024;

/** The last lines of what a program wrote to its standard error, redacted: what a person gets to read when it dies. */
export class ErrorTail {
  private readonly lines: string[] = [];
  private readonly reader = new LineReader((line) => {
    if (line.trim() === "") return;
    // Redacted as a whole first: the half of a token that a cut leaves is not recognised any more.
    const clean = redact(line.trimEnd());
    this.lines.push(clean.length <= maxLineChars ? clean : `${clean.slice(0, maxLineChars)} ...`);
    if (this.lines.length > maxLines) this.lines.shift();
  }, longestLineChars);

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  end(): string {
    this.reader.end();
    return this.lines.join("\n");
  }
}
