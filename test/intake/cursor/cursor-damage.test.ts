import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileCursor } from "../../../shared/intake/cursor/file-cursor.ts";
import { cursorPath, openCursor, readLowWater } from "../../../shared/intake/cursor/open-cursor.ts";
import { CursorBench, turn } from "./cursor-bench.ts";

describe("a cursor on a disk that fails", () => {
  it("goes on in memory, says so once, and writes it all when the disk is back", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    for (const seq of [1, 2, 3]) cursor.take(seq);
    bench.file.fault = { code: "ENOSPC", first: 9 };
    await cursor.begin(1);
    cursor.handled(1);
    await cursor.begin(2);
    await bench.clock.advance(3_000);
    expect(bench.log.of("error")).toHaveLength(1);
    expect(bench.log.of("error")[0]).toContain("ENOSPC");
    bench.file.fault = undefined;
    await bench.clock.advance(1_100);
    await cursor.begin(3);
    await cursor.save();
    bench.cutPower();
    const next = await bench.open();
    expect(next.take(1)).toBe(false);
    expect(next.past(2).failures).toBe(1);
    expect(next.past(3).failures).toBe(1);
  });

  it("does not promise what it could not save", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    cursor.take(1);
    await cursor.begin(1);
    bench.file.fault = { code: "EIO" };
    await expect(cursor.markHandledNow(1)).rejects.toThrow("EIO");
    await expect(cursor.save()).rejects.toThrow("EIO");
    bench.file.fault = undefined;
    await cursor.save();
    bench.cutPower();
    expect((await bench.open()).take(1)).toBe(false);
  });

  it("opens on a full disk where its file stands already", async () => {
    const bench = new CursorBench();
    await (await bench.open()).close();
    bench.file.fault = { code: "ENOSPC" };
    const cursor = await bench.open();
    expect(cursor.lowWater).toBe(0);
    bench.file.fault = undefined;
    cursor.take(1);
    cursor.handled(1);
    await cursor.save();
    bench.cutPower();
    expect((await bench.open()).lowWater).toBe(1);
  });
});

describe("a cursor file", () => {
  let dir: string;
  let path: string;
  let bench: CursorBench;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "cursor-"));
    path = cursorPath(dir, "treasury");
    bench = new CursorBench();
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const open = (): Promise<FileCursor> =>
    openCursor({
      path,
      clock: bench.clock,
      log: bench.log,
      newestSeq: () => bench.newestSeq,
      start: "oldest",
      compactAtBytes: 1_000_000,
    });
  const others = (): string[] =>
    readdirSync(join(dir, "cursors")).filter((name) => name !== "treasury.jsonl");

  /** A cursor whose process was killed: 1 and 3 handled, 2 in hand. */
  async function killed(): Promise<string> {
    const cursor = await open();
    for (const seq of [1, 2, 3]) {
      cursor.take(seq);
      await cursor.begin(seq);
    }
    cursor.handled(1);
    await turn();
    cursor.handled(3);
    await turn();
    return readFileSync(path, "utf8");
  }

  it("is read to the last whole line, wherever it was cut", async () => {
    const text = await killed();
    const firstLine = text.indexOf("\n") + 1;
    for (let length = firstLine; length < text.length; length += 1) {
      writeFileSync(path, text.slice(0, length));
      const cursor = await open();
      expect(cursor.take(2), `cut at ${length}`).toBe(true);
      await cursor.close();
    }
    expect(others()).toEqual([]);
  });

  it("loses only what a damaged line said; a copy is kept and the error names the line", async () => {
    const lines = (await killed()).split("\n");
    const damaged = lines.length - 2;
    lines[damaged] = "garbage";
    writeFileSync(path, lines.join("\n"));
    const cursor = await open();
    expect([1, 2, 3].map((seq) => cursor.take(seq))).toEqual([false, true, true]);
    expect(others()).toHaveLength(1);
    expect(readFileSync(join(dir, "cursors", others()[0] ?? ""), "utf8")).toContain("garbage");
    expect(bench.log.of("error")[0]).toContain(`lines=${damaged + 1}`);
    await cursor.close();
  });

  it("of which nothing can be read is set aside; all that the log holds comes again, and no attempt passes for the first", async () => {
    await killed();
    writeFileSync(path, "\0\0\0\0garbage");
    const cursor = await open();
    expect(cursor.lowWater).toBe(0);
    expect(cursor.take(1)).toBe(true);
    expect(await cursor.begin(1)).toBe(2);
    expect(await cursor.begin(bench.newestSeq + 1)).toBe(1);
    expect(others()).toHaveLength(1);
    await cursor.close();
  });

  it("goes back where the log was cut off or removed behind it, so that nothing new is skipped", async () => {
    const first = await open();
    for (let seq = 1; seq <= 50; seq += 1) {
      first.take(seq);
      first.handled(seq);
    }
    await first.close();
    bench.newestSeq = 40;
    const second = await open();
    expect(second.lowWater).toBe(40);
    expect(second.take(41)).toBe(true);
    expect(bench.log.of("warn").join()).toContain("ends before the cursor");
    await second.close();
    expect(readLowWater(path)).toBe(40);
  });

  it("tells its mark to others, about", async () => {
    expect(readLowWater(path)).toBeUndefined();
    const cursor = await open();
    for (let seq = 1; seq <= 5; seq += 1) {
      cursor.take(seq);
      cursor.handled(seq);
    }
    await cursor.save();
    expect(readLowWater(path)).toBe(5);
    await cursor.close();
  });
});
