import { describe, expect, it } from "vitest";
import { ErrorTail } from "../../../../../bots/main/agents/process/error-tail.ts";
import { LineReader } from "../../../../../bots/main/agents/process/line-reader.ts";

function read(chunks: readonly Buffer[], maxChars?: number): string[] {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line), maxChars);
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return lines;
}

const inBytes = (text: string): Buffer[] => [...Buffer.from(text)].map((byte) => Buffer.of(byte));

describe("a line reader", () => {
  it.each([
    ["one line", "a\n", ["a"]],
    ["several, one of them empty", "a\n\nb\r\n", ["a", "", "b"]],
    ["the half line of a dying program", "a\nb", ["a", "b"]],
    ["characters of several bytes", "ä€😀\n", ["ä€😀"]],
    ["separators that are no line ends", "a\u2028b\u2029c\n", ["a\u2028b\u2029c"]],
  ])("reads %s, in whatever chunks it comes", (_, text, lines) => {
    expect(read([Buffer.from(text)])).toEqual(lines);
    expect(read(inBytes(text))).toEqual(lines);
  });

  it("reads a line of 40 MB in chunks of a pipe", () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const lines = read([...Array.from({ length: 640 }, () => chunk), Buffer.from("\nnext\n")]);
    expect(lines.map((line) => line.length)).toEqual([40 * 1024 * 1024, 4]);
  });

  it("drops the rest of a line that never ends, and reads on behind it", () => {
    expect(read([Buffer.from("abc"), Buffer.from("def"), Buffer.from("ghi\nnext\n")], 6)).toEqual([
      "abcdef",
      "next",
    ]);
  });
});

describe("the tail of an error output", () => {
  it("keeps the last lines and no token", () => {
    const tail = new ErrorTail();
    const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`);
    tail.write(Buffer.from(`${lines.join("\n")}\n\n`));
    tail.write(Buffer.from("the token 123456:AAHdqTcvCH1vGWJxfSeofSAs"));
    tail.write(Buffer.from("0K5PALDsaw was refused\n"));
    const kept = tail.end().split("\n");
    expect(kept).toHaveLength(20);
    expect(kept.at(-2)).toBe("line 49");
    expect(kept.at(-1)).toBe("the token 123456:<redacted> was refused");
  });

  it("cuts long lines behind the redaction", () => {
    const tail = new ErrorTail();
    tail.write(Buffer.from(`${"x".repeat(385)} 123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\n`));
    expect(tail.end()).not.toContain("AAH");
    expect(tail.end().length).toBeLessThan(410);
  });
});
