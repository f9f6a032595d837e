import { describe, expect, it } from "vitest";
import { AppendBell } from "../../../shared/intake/update-log/append-bell.ts";
import { firstSeqUnder } from "../../../shared/intake/update-log/log-writer.ts";
import { openLogWriter } from "../../../shared/intake/update-log/open-log.ts";
import { FencedError } from "../../../shared/intake/update-sink.ts";
import { message } from "../updates.ts";
import { botId, LogBench, messages, never, range } from "./log-bench.ts";

const week = 7 * 24 * 3_600_000;

describe("the writer of the update log", () => {
  it("keeps every update with position, epoch, time, conversation and part", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    await writer.append([message(7, -100), message(8, 5)], never);
    const records = await bench.records();
    expect(records.map(({ updateId, key, epoch }) => ({ updateId, key, epoch }))).toEqual([
      { updateId: 7, key: "-100", epoch: 1 },
      { updateId: 8, key: "5", epoch: 1 },
    ]);
    expect(records[0]?.update).toEqual(message(7, -100));
    expect(records[0]?.receivedAtMs).toBe(bench.clock.now());
    expect(records.every(({ part }) => part >= 0 && part < 16)).toBe(true);
    expect(writer.newestSeq).toBe(records[1]?.seq);
  });

  it("knows no offset before the first update, then the one behind the newest, also after a restart", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    expect(writer.nextOffset()).toBeUndefined();
    await writer.append(messages(10, 12), never);
    expect(writer.nextOffset()).toBe(13);
    await writer.close();
    expect((await bench.open()).nextOffset()).toBe(13);
  });

  it("writes and syncs a batch once", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    bench.storage.operations.length = 0;
    await writer.append(messages(1, 100), never);
    expect(bench.storage.operations).toEqual(["append", "sync"]);
  });

  it("has moved the offset only when the batch is synced", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    const seen: (number | undefined)[] = [];
    bench.storage.fault = () => {
      seen.push(writer.nextOffset());
      return undefined;
    };
    await writer.append(messages(1, 3), never);
    expect(seen).toEqual([undefined, undefined]);
    expect(writer.nextOffset()).toBe(4);
  });

  it("drops repeats: inside a batch, in later ones, and after a restart", async () => {
    const bench = new LogBench();
    const first = await bench.open();
    await first.append([message(1), message(1), message(2)], never);
    await first.append(messages(1, 1), never);
    await first.append([message(1), message(2, 3), message(3)], never);
    await first.close();
    const second = await bench.open();
    await second.append([message(2), message(3), message(4)], never);
    expect(await bench.ids()).toEqual([1, 2, 3, 4]);
  });

  it("tells which updates were repeats", async () => {
    const bench = new LogBench();
    const told: (readonly number[])[] = [];
    const { storage, clock, log } = bench;
    const writer = await openLogWriter({
      storage,
      clock,
      log,
      dir: "/memory",
      botId,
      epoch: 1,
      currentEpoch: () => 1,
      bell: new AppendBell(),
      onRepeats: (ids) => told.push(ids),
    });
    await writer.append(messages(1, 3), never);
    await writer.append([message(2), message(3), message(4)], never);
    expect(told).toEqual([[2, 3]]);
  });

  it("gives positions that only grow, over restarts and segments", async () => {
    const bench = new LogBench();
    for (let round = 0; round < 5; round += 1) {
      const writer = await bench.open({ bytes: 100_000, records: 3 });
      await writer.append(messages(round * 10 + 1, round * 10 + 10), never);
      await writer.append(messages(round * 10 + 11, round * 10 + 11), never);
      await writer.close();
    }
    const seqs = (await bench.records()).map(({ seq }) => seq);
    expect(seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] ?? 0))).toBe(true);
    expect(bench.storage.segments.length).toBeGreaterThan(4);
    expect(await bench.ids()).toEqual(range(1, 51));
    expect(bench.storage.openFiles).toBe(0);
  });

  it("takes ids that start anew after a silent week, and asks without an offset then", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    await writer.append(messages(900, 902), never);
    await bench.clock.advance(week);
    expect(writer.nextOffset()).toBeUndefined();
    await writer.append(messages(5, 6), never);
    expect(writer.nextOffset()).toBe(7);
    await writer.close();
    const later = await bench.open();
    expect(later.nextOffset()).toBe(7);
    await later.append(messages(5, 7), never);
    expect(await bench.ids()).toEqual([900, 901, 902, 5, 6, 7]);
  });

  it("remembers the newest id when the segments before are gone", async () => {
    const bench = new LogBench();
    const writer = await bench.open({ bytes: 1, records: 1 });
    await writer.append(messages(1, 2), never);
    await writer.append(messages(3, 3), never);
    await writer.close();
    const [first = "", second = ""] = bench.storage.segments;
    bench.storage.files.delete(first);
    // As after a crash between the new segment's first line and its first record.
    bench.storage.setText(second, `${bench.storage.text(second).split("\n")[0] ?? ""}\n`);
    const reopened = await bench.open();
    expect(reopened.nextOffset()).toBe(3);
    await reopened.append(messages(2, 3), never);
    expect(await bench.ids()).toEqual([3]);
  });

  it("drops what has no update id, and says so", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    const odd: unknown[] = [null, {}, { update_id: "7" }, { update_id: 1.5 }, message(3)];
    await writer.append(odd as ReturnType<typeof messages>, never);
    expect(await bench.ids()).toEqual([3]);
    expect(bench.log.of("warn").join()).toContain("count=4");
  });

  it("does not begin when the signal has aborted", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    const aborted = AbortSignal.abort(new Error("the bot stops"));
    await expect(writer.append(messages(1, 1), aborted)).rejects.toThrow("the bot stops");
    expect(await bench.ids()).toEqual([]);
  });
});

describe("the first position of a writer", () => {
  it.each([
    ["of an empty log", 3, 0, 3_000_001],
    ["behind an older epoch's positions", 3, 2_000_500, 3_000_001],
    [
      "well behind positions that outgrew their epoch: a power cut may have taken some",
      3,
      5_000_000,
      5_010_001,
    ],
    ["under an epoch that went on from the clock", 1_795_000_000, 3_000_500, 1_795_000_000_000_001],
  ])("%s", (_, epoch, newest, first) => {
    expect(firstSeqUnder(epoch, newest)).toBe(first);
    expect(Number.isSafeInteger(first + 1e9)).toBe(true);
  });
});

describe("a writer whose time is over", () => {
  it("is refused when a newer epoch exists, and the newer one goes on", async () => {
    const bench = new LogBench();
    const old = await bench.open();
    await old.append(messages(1, 2), never);
    const young = await bench.open();
    await expect(old.append(messages(3, 3), never)).rejects.toThrow(FencedError);
    await young.append(messages(3, 4), never);
    expect(await bench.ids()).toEqual([1, 2, 3, 4]);
  });

  it("confirms nothing when the epoch moves while it writes; what it wrote counts for nobody", async () => {
    const bench = new LogBench();
    const old = await bench.open();
    await old.append(messages(1, 1), never);
    const young = await bench.open();
    // Both writers believe in their right until the old one has written.
    bench.epoch = 1;
    bench.storage.fault = (operation) => {
      if (operation === "sync") bench.epoch = 2;
      return undefined;
    };
    await expect(old.append([message(2, 666)], never)).rejects.toThrow(FencedError);
    expect(old.nextOffset()).toBe(2);
    await young.append(messages(2, 3), never);
    expect((await bench.records()).map(({ updateId, epoch }) => [updateId, epoch])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
  });

  it("leaves nothing that the next writer would take for handed over", async () => {
    const bench = new LogBench();
    const old = await bench.open();
    await old.append(messages(1, 1), never);
    await bench.open();
    bench.epoch = 1;
    bench.storage.fault = (operation) => {
      if (operation === "sync") bench.epoch = 2;
      return undefined;
    };
    await expect(old.append(messages(2, 2), never)).rejects.toThrow(FencedError);
    bench.storage.fault = () => undefined;
    const third = await bench.open();
    expect(third.nextOffset()).toBe(2);
    await third.append(messages(2, 2), never);
    expect(await bench.ids()).toEqual([1, 2]);
  });

  it("cannot be opened below the epoch of the log", async () => {
    const bench = new LogBench();
    await (await bench.open()).close();
    await (await bench.open()).close();
    bench.epoch = 0;
    await expect(bench.open()).rejects.toThrow(/epoch 2; ours is 1/);
    expect(bench.storage.openFiles).toBe(0);
  });

  it("is told apart from another bot's", async () => {
    const bench = new LogBench();
    await (await bench.open()).close();
    const { clock, log, storage } = bench;
    const options = { dir: "/memory", epoch: 9, currentEpoch: () => 9, clock, log, storage };
    await expect(openLogWriter({ ...options, botId: 43 })).rejects.toThrow(
      `that of bot ${botId}, not of bot 43`,
    );
  });
});
