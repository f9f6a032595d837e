import { describe, expect, it } from "vitest";
import { seededRandom } from "../../support/seeded-random.ts";
import { LogBench, messages, never, range } from "./log-bench.ts";
import { MemoryStorage } from "./memory-storage.ts";

/** A closed log with updates 1 to 6 in two batches, in one segment. */
async function written(): Promise<{ name: string; text: string }> {
  const bench = new LogBench();
  const writer = await bench.open();
  await writer.append(messages(1, 3), never);
  await writer.append(messages(4, 6), never);
  await writer.close();
  const [name = ""] = bench.storage.segments;
  return { name, text: bench.storage.text(name) };
}

function benchWith(name: string, text: string): LogBench {
  const storage = new MemoryStorage();
  storage.setText(name, text);
  const bench = new LogBench({ storage });
  bench.epoch = 1;
  return bench;
}

describe("a log whose writer died", () => {
  it("loses nothing wherever the last record was cut: what it lacks was never confirmed and comes again", async () => {
    const { name, text } = await written();
    const lastRecord = text.lastIndexOf("\n", text.length - 2) + 1;
    for (let length = lastRecord; length <= text.length; length += 1) {
      const bench = benchWith(name, text.slice(0, length));
      const writer = await bench.open();
      const isWhole = length === text.length;
      expect(writer.nextOffset(), `cut at ${length}`).toBe(isWhole ? 7 : 6);
      await writer.append(messages(writer.nextOffset() ?? 0, 8), never);
      expect(await bench.ids(), `cut at ${length}`).toEqual(range(1, 8));
      const kept = [...bench.storage.files.keys()].filter((file) => file.endsWith(".torn"));
      expect(kept.map((file) => bench.storage.text(file))).toEqual(
        isWhole || length === lastRecord ? [] : [text.slice(lastRecord, length)],
      );
    }
  });

  it("goes on where the file ends in zeros, as after a power cut", async () => {
    const { name, text } = await written();
    const bench = benchWith(name, `${text}${"\0".repeat(500)}`);
    const writer = await bench.open();
    await writer.append(messages(7, 7), never);
    expect(await bench.ids()).toEqual(range(1, 7));
  });

  it("keeps what was torn off in one place and again in another without overwriting", async () => {
    const { name, text } = await written();
    const bench = benchWith(name, `${text}half`);
    await (await bench.open()).close();
    const [segment = ""] = bench.storage.segments;
    bench.storage.setText(segment, `${text}other`);
    await (await bench.open()).close();
    const torn = [...bench.storage.files.keys()].filter((file) => file.endsWith(".torn"));
    expect(torn.map((file) => bench.storage.text(file))).toEqual(["half", "other"]);
  });
});

describe("a log with damage in its middle", () => {
  it("keeps all other records, copies the damaged line aside and names file and line", async () => {
    const { name, text } = await written();
    const lines = text.split("\n");
    const damagedLine = lines[3]?.slice(0, 40) ?? "";
    lines[3] = damagedLine;
    const bench = benchWith(name, lines.join("\n"));
    const writer = await bench.open();
    expect(writer.nextOffset()).toBe(7);
    expect(await bench.ids()).toEqual([1, 2, 4, 5, 6]);
    expect(bench.storage.text(`${name}.line-4.damaged`)).toBe(damagedLine);
    const [error = ""] = bench.log.of("error");
    expect(error).toContain(name);
    expect(error).toContain("line=4");
  });

  it("never crashes and never loses another line, wherever bytes are turned over", async () => {
    const { name, text } = await written();
    const random = seededRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const at = Math.floor(random() * text.length);
      const bytes = Buffer.from(text);
      bytes[at] = Math.floor(random() * 256);
      const bench = benchWith(name, "");
      bench.storage.files.set(name, bytes);
      const before = await bench.ids();
      const writer = await bench.open();
      const next = writer.nextOffset() ?? 1;
      await writer.append(messages(Math.min(next, 7), 8), never);
      const ids = await bench.ids();
      // One byte spoils one line, or two where it was the end of one.
      const lost = range(1, 6).filter((id) => !ids.includes(id));
      expect(lost.length, `byte ${at}`).toBeLessThanOrEqual(2);
      expect(ids, `byte ${at}`).toEqual(expect.arrayContaining([8]));
      expect(ids.length, `byte ${at}`).toBe(new Set(ids).size);
      expect(
        before.every((id) => ids.includes(id)),
        `byte ${at}`,
      ).toBe(true);
    }
  });

  it("skips lines that a newer version wrote, and keeps them", async () => {
    const { name, text } = await written();
    const bench = benchWith(name, `${text}{"v":2,"something":"else"}\n`);
    const writer = await bench.open();
    await writer.append(messages(7, 7), never);
    expect(await bench.ids()).toEqual(range(1, 7));
    expect(bench.storage.text(name)).toContain('{"v":2');
  });
});
