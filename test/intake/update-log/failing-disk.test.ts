import { describe, expect, it } from "vitest";
import { SinkUnavailableError } from "../../../shared/intake/update-sink.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { LogBench, messages, never, range } from "./log-bench.ts";
import type { Fault, Operation } from "./memory-storage.ts";

/** Fails once, at the first operation of this kind. */
function once(operation: Operation, fault: Fault): (each: Operation) => Fault | undefined {
  let isOver = false;
  return (each) => {
    if (isOver || each !== operation) return undefined;
    isOver = true;
    return fault;
  };
}

describe("a disk that fails", () => {
  it.each([
    ["ENOSPC", "the disk is full"],
    ["EROFS", "read-only"],
    ["EIO", "input/output error"],
    ["EDQUOT", "quota"],
    ["EACCES", "permission"],
  ])(
    "%s: nothing is confirmed, the reason is told in words, and it goes on by itself",
    async (code, words) => {
      const bench = new LogBench();
      const writer = await bench.open();
      await writer.append(messages(1, 2), never);
      bench.storage.fault = (operation) => (operation === "append" ? { code } : undefined);
      for (let poll = 0; poll < 3; poll += 1) {
        const refused = writer.append(messages(3, 5), never);
        await expect(refused).rejects.toThrow(SinkUnavailableError);
        await expect(refused).rejects.toThrow(words);
        expect(writer.nextOffset()).toBe(3);
      }
      bench.storage.fault = () => undefined;
      await writer.append(messages(3, 5), never);
      expect(writer.nextOffset()).toBe(6);
      expect(await bench.ids()).toEqual(range(1, 5));
    },
  );

  it("has no half record after a write that failed, wherever it did", async () => {
    const probe = new LogBench();
    const full = await probe.open();
    await full.append(messages(1, 1), never);
    const before = probe.storage.text(probe.storage.segments[0] ?? "").length;
    await full.append(messages(2, 4), never);
    const batchBytes = probe.storage.text(probe.storage.segments[0] ?? "").length - before;
    for (let bytesFirst = 0; bytesFirst < batchBytes; bytesFirst += 1) {
      const bench = new LogBench();
      const writer = await bench.open();
      await writer.append(messages(1, 1), never);
      bench.storage.fault = once("append", { code: "ENOSPC", bytesFirst });
      await expect(writer.append(messages(2, 4), never)).rejects.toThrow("the disk is full");
      const [segment = ""] = bench.storage.segments;
      expect(bench.storage.text(segment).endsWith("\n"), `after ${bytesFirst} bytes`).toBe(true);
      // Whole records stay, because a reader may have seen them; they are safe, so they are confirmed.
      const offset = writer.nextOffset() ?? 0;
      expect(await bench.ids(), `after ${bytesFirst} bytes`).toEqual(range(1, offset - 1));
      await writer.append(messages(2, 4), never);
      expect(await bench.ids(), `after ${bytesFirst} bytes`).toEqual(range(1, 4));
    }
  });

  it("writes again what a failed sync may have lost, and no reader sees it twice", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    bench.storage.fault = (operation) => (operation === "sync" ? { code: "EIO" } : undefined);
    await expect(writer.append(messages(1, 3), never)).rejects.toThrow(SinkUnavailableError);
    await expect(writer.append(messages(1, 3), never)).rejects.toThrow(SinkUnavailableError);
    expect(writer.nextOffset()).toBeUndefined();
    bench.storage.fault = () => undefined;
    bench.storage.operations.length = 0;
    await writer.append(messages(1, 3), never);
    expect(bench.storage.operations).toEqual(["rewrite", "sync"]);
    expect(writer.nextOffset()).toBe(4);
    expect(await bench.ids()).toEqual([1, 2, 3]);
  });

  it("does not open a log that it cannot mark, leaves nothing open, and opens it later", async () => {
    const bench = new LogBench();
    bench.storage.fault = (operation) => (operation === "append" ? { code: "ENOSPC" } : undefined);
    await expect(bench.open()).rejects.toThrow(SinkUnavailableError);
    expect(bench.storage.openFiles).toBe(0);
    bench.storage.fault = () => undefined;
    const writer = await bench.open();
    await writer.append(messages(1, 1), never);
    expect(await bench.ids()).toEqual([1]);
  });

  it("loses and repeats nothing while every operation may fail at any moment, with restarts in between", async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seededRandom(seed);
      const bench = new LogBench();
      const limits = { bytes: 100_000, records: 5 };
      let writer = await bench.open(limits);
      const codes = ["ENOSPC", "EIO", "EROFS"];
      for (let poll = 0; poll < 60; poll += 1) {
        bench.storage.fault = () => {
          if (random() > 0.25) return undefined;
          const code = codes[Math.floor(random() * codes.length)] ?? "EIO";
          return { code, bytesFirst: Math.floor(random() * 400) };
        };
        const next = writer.nextOffset() ?? 1;
        const durable = range(1, next - 1);
        await writer.append(messages(next, next + Math.floor(random() * 4)), never).catch(() => 0);
        bench.storage.fault = () => undefined;
        // What was confirmed stands in the log, in order and once; behind it at most what was not confirmed yet.
        const ids = await bench.ids();
        expect(ids.slice(0, durable.length), `seed ${seed}`).toEqual(durable);
        expect(ids, `seed ${seed}`).toEqual(range(1, ids.length));
        if (random() < 0.15) writer = await bench.open(limits);
      }
      await writer.append(messages(writer.nextOffset() ?? 1, 300), never);
      expect(await bench.ids(), `seed ${seed}`).toEqual(range(1, 300));
    }
  });
});
