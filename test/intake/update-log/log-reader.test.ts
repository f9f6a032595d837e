import { describe, expect, it } from "vitest";
import { AppendBell } from "../../../shared/intake/update-log/append-bell.ts";
import { LogReader } from "../../../shared/intake/update-log/log-reader.ts";
import { removeOldSegments } from "../../../shared/intake/update-log/segments/retention.ts";
import { LogBench, messages, never, range } from "./log-bench.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Collects what a reader follows. */
function following(bench: LogBench, after = 0): { ids: number[]; stop(): Promise<void> } {
  const ids: number[] = [];
  const controller = new AbortController();
  const done = (async () => {
    for await (const record of bench.reader().follow(after, controller.signal)) {
      ids.push(record.updateId);
    }
  })();
  return {
    ids,
    stop: () => {
      controller.abort(new Error("enough"));
      return done;
    },
  };
}

describe("a reader that follows", () => {
  it("gets what is there, then what comes, woken by the writer of its process", async () => {
    const bench = new LogBench({ bell: new AppendBell() });
    const writer = await bench.open({ bytes: 100_000, records: 2 });
    await writer.append(messages(1, 3), never);
    const reader = following(bench);
    await settle();
    for (let id = 4; id < 12; id += 2) {
      await writer.append(messages(id, id + 1), never);
      await settle();
      expect(reader.ids).toEqual(range(1, id + 1));
    }
    await reader.stop();
    expect(bench.clock.pendingTimers).toBe(0);
    await writer.close();
    expect(bench.storage.openFiles).toBe(0);
  });

  it("begins behind its position, wherever that is", async () => {
    const bench = new LogBench();
    const writer = await bench.open({ bytes: 100_000, records: 4 });
    for (let id = 1; id <= 20; id += 1) await writer.append(messages(id, id), never);
    const records = await bench.records();
    for (const [index, { seq }] of records.entries()) {
      expect(await bench.ids(seq)).toEqual(range(1, 20).slice(index + 1));
      expect(await bench.reader().countAfter(seq)).toBe(19 - index);
    }
    expect(await bench.reader().newestSeq()).toBe(records.at(-1)?.seq);
  });

  it("looks by itself every five seconds where nobody announces anything", async () => {
    const bench = new LogBench();
    const reader = following(bench);
    await settle();
    const writer = await bench.open();
    await writer.append(messages(1, 2), never);
    await bench.clock.advance(4_999);
    expect(reader.ids).toEqual([]);
    await bench.clock.advance(1);
    expect(reader.ids).toEqual([1, 2]);
    await reader.stop();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it("never returns a half line, and returns it once when it is whole", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    await writer.append(messages(1, 2), never);
    const [name = ""] = bench.storage.segments;
    const whole = bench.storage.text(name);
    const begin = whole.lastIndexOf("\n", whole.length - 2) + 1;
    bench.storage.setText(name, whole.slice(0, begin));
    const reader = following(bench);
    await settle();
    for (let length = begin + 1; length < whole.length; length += 7) {
      bench.storage.setText(name, whole.slice(0, length));
      await bench.clock.advance(5_000);
      expect(reader.ids).toEqual([1]);
    }
    bench.storage.setText(name, whole);
    await bench.clock.advance(5_000);
    expect(reader.ids).toEqual([1, 2]);
    await reader.stop();
    expect(bench.log.of("error")).toEqual([]);
  });

  it("is not misled by a half line that is cut off and written anew", async () => {
    const bench = new LogBench();
    const writer = await bench.open();
    await writer.append(messages(1, 1), never);
    const [name = ""] = bench.storage.segments;
    const before = bench.storage.text(name);
    const reader = following(bench);
    await settle();
    bench.storage.setText(name, `${before}{"v":1,"seq":999,"epoch":1,"at":5,"id":9`);
    await bench.clock.advance(5_000);
    bench.storage.setText(name, before);
    await writer.append(messages(2, 3), never);
    await bench.clock.advance(5_000);
    expect(reader.ids).toEqual([1, 2, 3]);
    await reader.stop();
  });

  it("misses nothing that is written between its last look at a segment and the beginning of the next one", async () => {
    const bench = new LogBench();
    const writer = await bench.open({ bytes: 100_000, records: 3 });
    await writer.append(messages(1, 2), never);
    const list = bench.storage.list.bind(bench.storage);
    let looks = 0;
    bench.storage.list = async () => {
      looks += 1;
      // The first look finds the segment, the second one looks for another behind it.
      if (looks === 2) {
        await writer.append(messages(3, 4), never);
        await writer.append(messages(5, 5), never);
      }
      return list();
    };
    expect(await bench.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(bench.storage.segments).toHaveLength(2);
  });

  it("goes on with the oldest segment there is when its own was removed", async () => {
    const bench = new LogBench();
    const writer = await bench.open({ bytes: 100_000, records: 2 });
    for (let id = 1; id <= 8; id += 2) await writer.append(messages(id, id + 1), never);
    for (const name of bench.storage.segments.slice(0, 2)) bench.storage.files.delete(name);
    expect(await bench.ids()).toEqual([5, 6, 7, 8]);
  });

  it("reports a disk that fails and tries again from where it was", async () => {
    const bench = new LogBench();
    const writer = await bench.open({ bytes: 100_000, records: 2 });
    await writer.append(messages(1, 2), never);
    const reader = following(bench);
    await settle();
    await writer.append(messages(3, 4), never);
    bench.storage.fault = (operation) => (operation === "open" ? { code: "EIO" } : undefined);
    await bench.clock.advance(5_000);
    expect(reader.ids).toEqual([1, 2]);
    expect(bench.log.of("error").join()).toContain("cannot be read");
    bench.storage.fault = () => undefined;
    await bench.clock.advance(5_000);
    expect(reader.ids).toEqual([1, 2, 3, 4]);
    await reader.stop();
  });

  it("waits for a log that does not exist yet", async () => {
    const bench = new LogBench();
    expect(await bench.reader().newestSeq()).toBe(0);
    expect(await bench.ids()).toEqual([]);
  });

  it("gives the watch back, also when it was never there", async () => {
    const bench = new LogBench();
    let watches = 0;
    const reader = new LogReader({
      dir: "/memory",
      clock: bench.clock,
      log: bench.log,
      storage: bench.storage,
      watch: () => {
        watches += 1;
        return Promise.resolve(() => {
          watches -= 1;
        });
      },
    });
    const controller = new AbortController();
    const next = reader.follow(0, controller.signal).next();
    await settle();
    expect(watches).toBe(1);
    controller.abort(new Error("enough"));
    expect((await next).done).toBe(true);
    expect(watches).toBe(0);
  });
});

describe("a reader in the process of the writer", () => {
  it("is handed what is written, and looks at the disk no more", async () => {
    const bench = new LogBench({ bell: new AppendBell() });
    const writer = await bench.open();
    await writer.append(messages(1, 3), never);
    const reader = following(bench);
    await settle();
    bench.storage.fault = (operation) =>
      ["open", "read", "list"].includes(operation) ? { code: "EIO" } : undefined;
    await writer.append(messages(4, 6), never);
    await bench.clock.advance(20_000);
    await writer.append(messages(7, 9), never);
    await settle();
    expect(reader.ids).toEqual(range(1, 9));
    expect(bench.log.of("error")).toEqual([]);
    await reader.stop();
  });

  it("gets everything once also when it is far behind, from the disk and then from memory again", async () => {
    const bench = new LogBench({ bell: new AppendBell() });
    const writer = await bench.open({ bytes: 10_000_000, records: 700 });
    const controller = new AbortController();
    const records = bench.reader().follow(0, controller.signal);
    const ids: number[] = [];
    const take = async (upTo: number): Promise<void> => {
      while ((ids.at(-1) ?? 0) < upTo) {
        const { value } = await records.next();
        if (value !== undefined) ids.push(value.updateId);
      }
    };
    await writer.append(messages(1, 10), never);
    await take(5);
    for (let id = 11; id <= 3_010; id += 100) await writer.append(messages(id, id + 99), never);
    await take(2_000);
    await writer.append(messages(3_011, 3_020), never);
    await take(3_020);
    await writer.append(messages(3_021, 3_030), never);
    await take(3_030);
    expect(ids).toEqual(range(1, 3_030));
    controller.abort();
    await records.return(undefined);
  });

  it("goes back to the disk when its writer has ended and another process writes", async () => {
    const bench = new LogBench({ bell: new AppendBell() });
    const writer = await bench.open();
    const reader = following(bench);
    await writer.append(messages(1, 3), never);
    await settle();
    await writer.close();
    const elsewhere = new LogBench({ storage: bench.storage });
    elsewhere.epoch = bench.epoch;
    const next = await elsewhere.open();
    await next.append(messages(4, 6), never);
    await bench.clock.advance(5_000);
    expect(reader.ids).toEqual(range(1, 6));
    await reader.stop();
  });
});

describe("old segments", () => {
  const hour = 3_600_000;

  it("go when all cursors are past them and 48 hours have gone by, and never the newest", async () => {
    const bench = new LogBench();
    const { storage, clock } = bench;
    const writer = await bench.open({ bytes: 100_000, records: 2 });
    for (let id = 1; id <= 6; id += 2) await writer.append(messages(id, id + 1), never);
    const seqs = (await bench.records()).map(({ seq }) => seq);
    const newest = seqs.at(-1) ?? 0;
    const remove = (cursors: number[]): Promise<string[]> =>
      removeOldSegments(storage, cursors, clock.now());

    expect(await remove([newest])).toEqual([]);
    await clock.advance(48 * hour);
    expect(await remove([])).toEqual([]);
    expect(await remove([newest, seqs[0] ?? 0])).toEqual([]);
    expect(await remove([newest, seqs[1] ?? 0])).toHaveLength(1);
    expect(await bench.ids()).toEqual([3, 4, 5, 6]);
    expect(await remove([newest])).toHaveLength(1);
    expect(await bench.ids()).toEqual([5, 6]);
    expect(await remove([newest])).toEqual([]);
    expect(writer.nextOffset()).toBe(7);
  });

  it("take what was copied aside from them along; other files stay", async () => {
    const bench = new LogBench();
    const { storage, clock } = bench;
    const writer = await bench.open({ bytes: 100_000, records: 2 });
    for (let id = 1; id <= 6; id += 2) await writer.append(messages(id, id + 1), never);
    const seqs = (await bench.records()).map(({ seq }) => seq);
    const [first = "", second = ""] = storage.segments;
    const aside = [`${first}.at-9-1.torn`, `${first}.line-2.damaged`];
    const others = [`${second}.line-2.damaged`, "epoch", "cursor.damaged-2026"];
    for (const name of [...aside, ...others]) storage.setText(name, "x");
    await clock.advance(48 * hour);
    const removed = await removeOldSegments(storage, [seqs[1] ?? 0], clock.now());
    expect(removed).toEqual([first, ...aside]);
    for (const name of others) expect(storage.text(name)).toBe("x");
  });
});
