import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import { network } from "../stage/fake-telegram.ts";
import { openStage, outcomeNow, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

/** What a SIGKILL leaves: the outbox is just not there any more, its files are. */
async function killed(stage: Stage): Promise<Stage> {
  stage.telegram.always(undefined);
  stage.telegram.latencyMs = 0;
  return stage.again();
}

describe("after a crash", () => {
  it("answers never tried go plainly and in order, the one on its way goes marked", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 1_000_000;
    for (const said of ["1a", "1b", "1c"]) stage.outbox.enqueue(text(1, said));
    await stage.clock.advance(10);
    const next = await killed(stage);
    expect(next.outbox.snapshot().totals.recovered).toBe(3);
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual([
      "1a",
      "1a\n\n(sent again after a restart)",
      "1b",
      "1c",
    ]);
    await next.end();
  });

  it("an edit on its way goes again without a mark: nobody sees it twice", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 1_000_000;
    const params = { chat_id: 1, message_id: 5, text: "a" };
    stage.outbox.enqueue({ kind: "answer", method: "editMessageText", params });
    await stage.clock.advance(10);
    const next = await killed(stage);
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await next.end();
  });

  it("the same answer handed over again is not sent again, waiting or sent", async () => {
    const stage = await openStage();
    stage.outbox.enqueue(text(1, "sent", { answerId: "s" }));
    await stage.clock.advance(10);
    stage.telegram.latencyMs = 1_000_000;
    stage.outbox.enqueue(text(2, "blocks"));
    stage.outbox.enqueue(text(2, "waiting", { answerId: "w" }));
    await stage.clock.advance(10);
    const next = await killed(stage);
    const receipts = ["s", "w"].map((answerId) =>
      next.outbox.enqueue(text(2, `again ${answerId}`, { answerId })),
    );
    await next.clock.advance(10_000);
    expect(stage.telegram.texts().filter((said) => /^(sent|waiting|again)/.test(said))).toEqual([
      "sent",
      "waiting",
    ]);
    expect(await outcomeNow(receipts[0])).toMatchObject({ messageIds: [101] });
    expect(await outcomeNow(receipts[1])).toMatchObject({ state: "sent" });
    await next.end();
  });

  it("an answer whose attempt ends the process again and again waits longer each time, then is given up", async () => {
    const failures: unknown[] = [];
    const hooks = { onAnswerFailed: (failure: unknown) => void failures.push(failure) };
    let stage = await openStage({ parts: { hooks } });
    stage.telegram.latencyMs = 1_000_000;
    stage.outbox.enqueue(text(1, "poison", { answerId: "p" }));
    for (const [life, waitMs] of [0, 0, 2_000, 10_000, 60_000, 60_000].entries()) {
      await stage.clock.advance(Math.max(0, waitMs - 1));
      expect(stage.telegram.calls).toHaveLength(waitMs === 0 ? life + 1 : life);
      await stage.clock.advance(2);
      expect(stage.telegram.calls).toHaveLength(life + 1);
      stage = await stage.again();
    }
    await stage.clock.advance(100_000);
    expect(stage.telegram.calls).toHaveLength(6);
    const reason = "nobody knows whether it arrived, after 6 lives of the process that tried";
    expect(failures).toEqual([{ place: { chatId: 1 }, answerId: "p", reason }]);
    // Asked for again, it is tried again, and says so.
    stage.telegram.latencyMs = 0;
    const receipt = stage.outbox.enqueue(text(1, "poison", { answerId: "p" }));
    await stage.clock.advance(10);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent" });
    expect(stage.telegram.texts().at(-1)).toContain(marks.connection);
    await stage.end();
  });

  it("a crash and then a broken connection: sent once more, marked each time", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 1_000_000;
    const receipt = stage.outbox.enqueue(text(1, "a", { answerId: "a" }));
    await stage.clock.advance(10);
    const next = await killed(stage);
    stage.telegram.next(network("ECONNRESET"));
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual([
      "a",
      `a\n\n${marks.restart}`,
      `a\n\n${marks.connection}`,
    ]);
    expect(await outcomeNow(receipt)).toBe("waiting");
    await next.end();
  });

  it("lives count, not attempts: two in one life are one step nearer to the end", async () => {
    let stage = await openStage();
    stage.outbox.enqueue(text(1, "a"));
    for (let life = 1; life <= 6; life += 1) {
      // The first attempt breaks, the second is on its way when the process dies.
      stage.telegram.latencyMs = 0;
      stage.telegram.next(network("ECONNRESET"));
      const before = stage.telegram.calls.length;
      while (stage.telegram.calls.length === before) await stage.clock.advance(100);
      stage.telegram.latencyMs = 10_000_000;
      await stage.clock.advance(5_000);
      expect(stage.telegram.calls).toHaveLength(2 * life);
      stage = await stage.again();
    }
    await stage.clock.advance(100_000);
    expect(stage.telegram.calls).toHaveLength(12);
    const plain = stage.telegram.texts().filter((said) => !said.includes("(sent again"));
    expect(plain).toEqual(["a"]);
    await stage.end();
  });

  it("progress is not brought back, nor is what no file can hold", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 1_000_000;
    stage.outbox.enqueue(text(1, "x"));
    const photo = new Map();
    const params = { chat_id: 1, photo };
    stage.outbox.enqueue({ kind: "answer", method: "sendPhoto", params });
    await stage.clock.advance(10);
    expect((await killed(stage)).outbox.snapshot().totals.recovered).toBe(1);
  });
});
