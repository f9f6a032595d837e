import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { BoundedOutput } from "../../../shared/console/console-output.ts";

/** A terminal whose reader can stop. */
class Terminal extends Writable {
  shown = "";
  private held: (() => void)[] | undefined;

  stop(): void {
    this.held = [];
  }

  async goOn(): Promise<void> {
    const held = this.held ?? [];
    this.held = undefined;
    for (const done of held) done();
    await new Promise((resolve) => setImmediate(resolve));
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.shown += chunk.toString();
    if (this.held === undefined) done();
    else this.held.push(done);
  }
}

describe("output that may not be read", () => {
  it("keeps a bounded amount, and tells the lines it left out where they are missing", async () => {
    const terminal = new Terminal();
    const output = new BoundedOutput(terminal);
    output.print("first");
    terminal.stop();
    for (let line = 0; line < 100_000; line += 1) output.print("x".repeat(99));
    expect(terminal.writableLength).toBeLessThan(1_000_200);
    output.print("two\nlines");
    await terminal.goOn();
    output.print("after");
    const lines = terminal.shown.trimEnd().split("\n");
    const kept = lines.filter((line) => line.startsWith("xxx")).length;
    expect(kept).toBe(10_001);
    expect(lines[0]).toBe("first");
    expect(lines.slice(-2)).toEqual([
      `${100_002 - kept} lines were left out here: nobody read this output. The log files have them.`,
      "after",
    ]);
  });

  it("leaves nothing out of what is read late, and counts a second gap anew", async () => {
    const terminal = new Terminal();
    const output = new BoundedOutput(terminal);
    terminal.stop();
    for (let line = 0; line < 100; line += 1) output.print("line");
    await terminal.goOn();
    expect(terminal.shown).toBe("line\n".repeat(100));
    for (let round = 0; round < 2; round += 1) {
      terminal.stop();
      output.print("y".repeat(1_000_001));
      output.print("lost");
      await terminal.goOn();
      expect(terminal.shown.split("\n").at(-2)).toMatch(/^1 lines were left out/);
    }
  });
});
