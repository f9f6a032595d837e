import { describe, expect, it } from "vitest";
import {
  type QueuedUpdate,
  UpdateQueue,
} from "../../../supervisor/sandbox/updates/update-queue.ts";

const late = 1_000_000;

function update(id: number, expiresAtMs = late, bytes = 10): QueuedUpdate {
  return { id, expiresAtMs, bytes, body: `"message":{"n":${id}}` };
}

function queueOf(...ids: number[]): UpdateQueue {
  return new UpdateQueue(
    0,
    ids.map((id) => update(id)),
  );
}

const read = (queue: UpdateQueue, offset: number, limit = 100, nowMs = 0): number[] =>
  queue.read(offset, limit, nowMs).map(({ id }) => id);

describe("offsets", () => {
  it.each([
    ["0 reads from the head", 0, [10, 11, 12, 13], [10, 11, 12, 13]],
    ["a positive one forgets everything below", 12, [12, 13], [12, 13]],
    ["one below the head is raised to it", 3, [10, 11, 12, 13], [10, 11, 12, 13]],
    ["one after the last empties the queue", 14, [], []],
    ["up to 10 beyond the next id empties it too", 24, [], []],
    [
      "more than 10 beyond is the head, and nothing is forgotten",
      25,
      [10, 11, 12, 13],
      [10, 11, 12, 13],
    ],
    ["-2 keeps the last two", -2, [12, 13], [12, 13]],
    ["-9 keeps what there is", -9, [10, 11, 12, 13], [10, 11, 12, 13]],
  ])("%s", (_, offset, returned, left) => {
    const queue = queueOf(10, 11, 12, 13);
    expect(read(queue, offset)).toEqual(returned);
    expect(read(queue, 0)).toEqual(left);
  });

  it("far below the head is the head, and nothing is forgotten", () => {
    expect(read(queueOf(3_000_000, 3_000_001), 5)).toEqual([3_000_000, 3_000_001]);
  });

  it("forget at once, also where the limit hides what is left", () => {
    const queue = queueOf(10, 11, 12, 13);
    expect(read(queue, 12, 1)).toEqual([12]);
    expect(queue.pending(0)).toBe(2);
  });

  it("leave the next id where it is when the queue is empty", () => {
    const queue = queueOf(10, 11);
    read(queue, 12);
    expect([queue.head, queue.tail, queue.pending(0)]).toEqual([12, 12, 0]);
  });
});

describe("retention", () => {
  it("ends between two deliveries, also in the middle of the queue", () => {
    const queue = new UpdateQueue(0, [update(1), update(2, 150), update(3)]);
    expect(read(queue, 0, 100, 150)).toEqual([1, 2, 3]);
    expect(read(queue, 0, 100, 151)).toEqual([1, 3]);
    expect(queue.pending(151)).toBe(2);
  });

  it("does not count against a negative offset", () => {
    const queue = new UpdateQueue(0, [update(1), update(2), update(3, 150)]);
    expect(read(queue, -2, 100, 200)).toEqual([1, 2]);
  });
});

describe("the size of an answer", () => {
  it("is cut at 4 MiB, each update counting 50 bytes more", () => {
    const half = 2 ** 21 - 50;
    const queue = new UpdateQueue(0, [
      update(1, late, half),
      update(2, late, half - 1),
      update(3, late, 1),
    ]);
    expect(read(queue, 0)).toEqual([1, 2]);
  });

  it("is not cut one byte earlier", () => {
    const half = 2 ** 21 - 50;
    const queue = new UpdateQueue(0, [update(1, late, half), update(2, late, half)]);
    expect(read(queue, 0)).toEqual([1]);
  });
});

describe("a long queue", () => {
  it("is drained in batches of 100 without slowing down", () => {
    const queue = new UpdateQueue();
    const total = 200_000;
    for (let id = 1; id <= total; id += 1) queue.push(update(id));
    const seen: number[] = [];
    for (let offset = 0; ; ) {
      const batch = read(queue, offset);
      if (batch.length === 0) break;
      seen.push(...batch);
      offset = (batch.at(-1) ?? 0) + 1;
    }
    expect(seen.length).toBe(total);
    expect(queue.pending(0)).toBe(0);
  });
});
