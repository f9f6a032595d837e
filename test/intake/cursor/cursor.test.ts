import { describe, expect, it } from "vitest";
import { CursorBench, turn } from "./cursor-bench.ts";
import { MemoryCursorFile } from "./memory-cursor-file.ts";

describe("a cursor", () => {
  it("has everything below the oldest open record behind it", async () => {
    const cursor = await new CursorBench().open();
    for (const seq of [10, 20, 30, 40]) expect(cursor.take(seq)).toBe(true);
    cursor.handled(20);
    cursor.handled(30);
    expect([cursor.lowWater, cursor.oldestOpen, cursor.open]).toEqual([0, 10, 2]);
    cursor.handled(10);
    expect([cursor.lowWater, cursor.oldestOpen, cursor.open]).toEqual([30, 40, 1]);
    cursor.passOver(50);
    expect(cursor.lowWater).toBe(30);
    cursor.handled(40);
    expect([cursor.lowWater, cursor.oldestOpen, cursor.open]).toEqual([50, undefined, 0]);
  });

  it("knows where its bot began, over restarts, also when the log was cut off behind that", async () => {
    const bench = new CursorBench();
    await (await bench.open({ start: "newest" })).close();
    await (await bench.open()).close();
    expect(bench.file.text).toContain('"o":1000,');
    bench.newestSeq = 900;
    await (await bench.open()).close();
    expect(bench.file.text).toContain('"o":900,');
  });

  it("goes on with a file that does not say where its bot began", async () => {
    const bench = new CursorBench();
    bench.file = new MemoryCursorFile('{"v":1,"w":5,"h":[7],"t":[]}\n');
    expect((await bench.open()).lowWater).toBe(5);
    expect(bench.file.text).not.toContain('"o"');
  });

  it("passes by what is not for its bot", async () => {
    const cursor = await new CursorBench().open();
    for (const seq of [1, 2, 3]) cursor.passOver(seq);
    expect(cursor.lowWater).toBe(3);
  });

  it("runs exactly the unhandled ones again after a kill, with the number of the attempt", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    for (const seq of [1, 2, 3, 4]) cursor.take(seq);
    for (const seq of [1, 2, 3]) expect(await cursor.begin(seq)).toBe(1);
    cursor.handled(2);
    await turn();
    bench.kill();
    const next = await bench.open();
    expect([1, 2, 3, 4].map((seq) => next.take(seq))).toEqual([true, false, true, true]);
    expect(await next.begin(1)).toBe(2);
    expect(await next.begin(3)).toBe(2);
    expect(await next.begin(4)).toBe(1);
    expect(next.past(3)).toMatchObject({ failures: 2, crashes: 2 });
  });

  it("has written that an attempt begins before it lets it begin", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    cursor.take(1);
    await cursor.begin(1);
    bench.kill();
    expect((await bench.open()).past(1)).toMatchObject({ failures: 1, crashes: 1 });
  });

  it("writes what one turn of the event loop says in one line", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    const all = Array.from({ length: 32 }, (_, index) => index + 1);
    for (const seq of all) cursor.take(seq);
    bench.file.appends = 0;
    await Promise.all(all.map((seq) => cursor.begin(seq)));
    expect(bench.file.appends).toBe(1);
  });

  it("tells failures, crashes and attempts that were broken off apart, over restarts", async () => {
    const bench = new CursorBench();
    const first = await bench.open();
    first.take(1);
    await first.begin(1);
    first.failed(1, "no 123:AAAAAAAAAAAAAAAAAAAAAAAA token in here");
    await first.begin(1);
    first.released(1);
    await first.begin(1);
    bench.kill();
    const next = await bench.open();
    expect(next.past(1)).toEqual({
      failures: 2,
      crashes: 1,
      lastError: "no 123:<redacted> token in here",
    });
    expect(await next.begin(1)).toBe(4);
  });

  it("waits for the disk before a repeat begins, and not before a first attempt", async () => {
    const bench = new CursorBench();
    const first = await bench.open();
    for (const seq of [1, 2]) first.take(seq);
    await first.begin(1);
    expect(bench.file.syncs).toBe(0);
    bench.kill();
    const next = await bench.open();
    await next.begin(1);
    expect(bench.file.safe).toBe(bench.file.text);
    bench.cutPower();
    expect((await bench.open()).past(1).failures).toBe(2);
  });

  it("has a stop or restart command on the disk before it acts", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    cursor.take(1);
    await cursor.begin(1);
    await cursor.markHandledNow(1);
    bench.cutPower();
    expect((await bench.open()).take(1)).toBe(false);
  });

  it("syncs at most once in 100 ms, however much is handled, and not at all when nothing is", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    for (let seq = 1; seq <= 500; seq += 1) {
      cursor.take(seq);
      await cursor.begin(seq);
      cursor.handled(seq);
    }
    await bench.clock.advance(100);
    expect(bench.file.syncs).toBe(1);
    await bench.clock.advance(10_000);
    expect(bench.file.syncs).toBe(1);
    expect(bench.clock.pendingTimers).toBe(0);
    bench.cutPower();
    expect((await bench.open()).lowWater).toBe(500);
  });

  it("stays small: it is written anew when it has grown", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open({ compactAtBytes: 1_000 });
    for (let seq = 1; seq <= 1_000; seq += 1) {
      cursor.take(seq);
      await cursor.begin(seq);
      if (seq !== 7) cursor.handled(seq);
    }
    await turn();
    expect(bench.file.replaces).toBeGreaterThan(10);
    bench.kill();
    const next = await bench.open();
    expect(next.lowWater).toBe(6);
    expect(next.take(7)).toBe(true);
    expect(next.past(7).failures).toBe(1);
    expect([8, 500, 1_000].map((seq) => next.take(seq))).toEqual([false, false, false]);
  });

  it("leaves no timer and a file of one line when it is closed", async () => {
    const bench = new CursorBench();
    const cursor = await bench.open();
    cursor.take(1);
    await cursor.begin(1);
    cursor.handled(1);
    await cursor.close();
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.file.text?.split("\n")).toHaveLength(2);
    expect((await bench.open()).lowWater).toBe(1);
  });
});

describe("a bot without a cursor", () => {
  it.each([
    ["oldest", 0],
    ["newest", 1_000],
  ] as const)("begins with the %s", async (start, lowWater) => {
    expect((await new CursorBench().open({ start })).lowWater).toBe(lowWater);
  });
});
