import { afterEach, describe, expect, it } from "vitest";
import { flood } from "../stage/fake-telegram.ts";
import { openStage, outcomeNow, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

/** The same answer so many times, the first of them with a way to take it back. */
function handOver(stage: Stage, times: number) {
  const cancel = new AbortController();
  const receipts = Array.from({ length: times }, (_, n) =>
    stage.outbox.enqueue(
      text(1, "a", { answerId: "a", ...(n === 0 ? { signal: cancel.signal } : {}) }),
    ),
  );
  return { cancel, receipts };
}

describe("an answer handed over several times under its id, and the first is taken back", () => {
  it.each([2, 3])("while it is being written: the others (%i) are sent, once", async (times) => {
    const stage = await openStage();
    const { cancel, receipts } = handOver(stage, times);
    cancel.abort();
    await stage.clock.advance(10_000);
    const [first, ...others] = await Promise.all(receipts.map((receipt) => outcomeNow(receipt)));
    expect(first).toEqual({ state: "dropped", reason: "cancelled" });
    for (const other of others) expect(other).toMatchObject({ state: "sent", messageIds: [101] });
    expect(stage.telegram.texts()).toEqual(["a"]);
    await stage.end();
  });

  it.each([2, 3])("while it waits: the others (%i) are sent, once", async (times) => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    const { cancel, receipts } = handOver(stage, times);
    await stage.clock.advance(1_000);
    cancel.abort();
    expect(await outcomeNow(receipts[0])).toEqual({ state: "dropped", reason: "cancelled" });
    expect(await outcomeNow(receipts[1])).toBe("waiting");
    await stage.clock.advance(20_000);
    for (const receipt of receipts.slice(1)) {
      expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [101] });
    }
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await stage.end();
  });

  it("while it waits, then the outbox ends: the next life sends it", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    const { cancel, receipts } = handOver(stage, 2);
    await stage.clock.advance(1_000);
    cancel.abort();
    await stage.end();
    expect(await outcomeNow(receipts[1])).toEqual({ state: "kept" });
    const next = await stage.again();
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await next.end();
  });

  it("as well as the second one: nothing is sent", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    const { cancel } = handOver(stage, 1);
    const options = { answerId: "a", signal: cancel.signal };
    const second = stage.outbox.enqueue(text(1, "a", options));
    await stage.clock.advance(1_000);
    cancel.abort();
    await stage.clock.advance(20_000);
    expect(await outcomeNow(second)).toEqual({ state: "dropped", reason: "cancelled" });
    expect(stage.telegram.texts()).toEqual(["a"]);
    await stage.end();
  });
});
