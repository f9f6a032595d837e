import { afterEach, describe, expect, it } from "vitest";
import { OutboxFullError } from "../../../shared/outbound/outbox/receipts.ts";
import { PacedBudget } from "../../../shared/outbound/pacing/send-budget.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { flood } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

describe("the one door", () => {
  it("an answer is written down, sent, and its message ids are known", async () => {
    const stage = await openStage();
    const receipt = stage.outbox.enqueue(text(1, "hello"));
    expect(await receipt.accepted).toBe("accepted");
    await stage.clock.advance(0);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [101] });
    expect(stage.storage.lines.map(({ t }) => t)).toEqual(["head", "accepted", "sending", "sent"]);
    await stage.end();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("answers of a conversation arrive in order, conversations take turns", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 50;
    for (const said of ["1a", "1b", "1c"]) stage.outbox.enqueue(text(1, said));
    for (const said of ["2a", "2b"]) stage.outbox.enqueue(text(2, said));
    await stage.clock.advance(5_000);
    expect(stage.telegram.texts()).toEqual(["1a", "2a", "1b", "2b", "1c"]);
    await stage.end();
  });

  it("an answer overtakes progress, and ends it", async () => {
    const stage = await openStage();
    // The burst of the chat is used up: everything else waits.
    for (const said of ["1", "2", "3"]) stage.outbox.enqueue(text(1, said));
    await stage.clock.advance(100);
    const progress = stage.outbox.enqueue(editOf(1, "turn", "half"));
    stage.outbox.enqueue(editOf(1, "other", "other progress"));
    stage.outbox.enqueue(text(1, "final", { finalFor: "turn" }));
    const late = stage.outbox.enqueue(editOf(1, "turn", "late"));
    await stage.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["1", "2", "3", "final", "other progress"]);
    for (const receipt of [progress, late]) {
      expect(await outcomeNow(receipt)).toEqual({ state: "dropped", reason: "superseded" });
    }
    await stage.end();
  });

  it("a photo of one moment is enough: waiting edits of one key become the newest", async () => {
    const stage = await openStage();
    const receipts = ["a", "b", "c", "d", "e"].map((said) =>
      stage.outbox.enqueue(editOf(1, "turn", said)),
    );
    await stage.clock.advance(5_000);
    expect(stage.telegram.texts()).toEqual(["e"]);
    expect(await outcomeNow(receipts[0])).toMatchObject({ state: "sent" });
    await stage.end();
  });

  it("calls without a chat go at once, past everything", async () => {
    const stage = await openStage();
    for (let n = 0; n < 20; n += 1) stage.outbox.enqueue(text(1, String(n)));
    const params = { callback_query_id: "q" };
    stage.outbox.enqueue({ kind: "call", method: "answerCallbackQuery", params });
    await stage.clock.advance(1);
    expect(stage.telegram.texts().slice(0, 2)).toContain("answerCallbackQuery");
    await stage.end();
  });

  it("typing that comes late is not shown", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(10));
    stage.outbox.enqueue(text(1, "x"));
    await stage.clock.advance(1);
    const params = { chat_id: 1, action: "typing" };
    const typing = stage.outbox.enqueue({ kind: "action", method: "sendChatAction", params });
    await stage.clock.advance(30_000);
    expect(await outcomeNow(typing)).toEqual({ state: "dropped", reason: "expired" });
    await stage.end();
  });

  it("what waits can be taken back, also from the disk", async () => {
    const stage = await openStage();
    const cancel = new AbortController();
    for (const said of ["1", "2", "3"]) stage.outbox.enqueue(text(1, said));
    const receipt = stage.outbox.enqueue(text(1, "never", { signal: cancel.signal }));
    const edit = stage.outbox.enqueue({ ...editOf(1, "k", "no"), signal: cancel.signal });
    await stage.clock.advance(10);
    cancel.abort();
    await stage.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["1", "2", "3"]);
    expect(await outcomeNow(receipt)).toEqual({ state: "dropped", reason: "cancelled" });
    expect(await outcomeNow(edit)).toEqual({ state: "dropped", reason: "cancelled" });
    const already = stage.outbox.enqueue(text(1, "never", { signal: cancel.signal }));
    expect(await already.accepted).toBe("dropped");
    await stage.end();
    expect((await stage.again()).outbox.snapshot().totals.recovered).toBe(0);
  });

  it("an answer without a chat is refused", async () => {
    const stage = await openStage();
    const receipt = stage.outbox.enqueue({ kind: "answer", method: "sendMessage", params: {} });
    await expect(receipt.accepted).rejects.toThrow("chat_id");
    expect(await receipt.outcome).toMatchObject({ state: "failed" });
    await stage.end();
  });
});

describe("a full queue", () => {
  it("drops progress first; answers wait at the door, in order, and their producer with them", async () => {
    const limits = { total: 5, answersPerConversation: 100 };
    const stage = await openStage({ parts: { limits } });
    stage.telegram.latencyMs = 100;
    const edits = [1, 2, 3].map((chat) => stage.outbox.enqueue(editOf(100 + chat, "k", "e")));
    stage.telegram.next(flood(5), flood(5), flood(5));
    const receipts = Array.from({ length: 12 }, (_, n) => stage.outbox.enqueue(text(1, `a${n}`)));
    const ends = await Promise.all(edits.map(outcomeNow));
    expect(ends).toContainEqual({ state: "dropped", reason: "full" });
    expect(stage.outbox.snapshot().atTheDoor).toBeGreaterThan(0);
    const late = stage.outbox.enqueue(editOf(200, "k2", "e"));
    expect(await late.outcome).toEqual({ state: "dropped", reason: "full" });
    expect(await late.accepted).toBe("dropped");
    await stage.clock.advance(120_000);
    expect(stage.telegram.texts(1).filter((said, at, all) => all.indexOf(said) === at)).toEqual(
      Array.from({ length: 12 }, (_, n) => `a${n}`),
    );
    for (const receipt of receipts) expect(await receipt.accepted).toBe("accepted");
    await stage.end();
  });

  it.each([
    { kind: "call", method: "setMyCommands", params: { commands: [] } } as const,
    { kind: "deletion", method: "deleteMessage", params: { chat_id: 1, message_id: 2 } } as const,
  ])("of $kind items refuses more of them with an error; answers come in", async (item) => {
    const clock = new ManualClock();
    const limits = { total: 10, answersPerConversation: 100, calls: 3, deletions: 3 };
    const budget = new PacedBudget(clock, 0);
    const stage = await openStage({ clock, parts: { limits, budget } });
    const receipts = Array.from({ length: 5 }, () => stage.outbox.enqueue(item));
    for (const late of receipts.slice(3)) {
      await expect(late.accepted).rejects.toThrow(OutboxFullError);
      expect(await late.outcome).toMatchObject({
        state: "failed",
        error: expect.any(OutboxFullError) as unknown,
      });
    }
    const answers = Array.from({ length: 7 }, (_, n) => stage.outbox.enqueue(text(2, `a${n}`)));
    await Promise.all(answers.map(({ accepted }) => accepted));
    budget.setShare(30);
    await clock.advance(60_000);
    for (const early of [...receipts.slice(0, 3), ...answers])
      expect(await outcomeNow(early)).toMatchObject({ state: "sent" });
    expect(await outcomeNow(stage.outbox.enqueue(item))).not.toMatchObject({ state: "failed" });
    await stage.end();
  });

  it("one conversation that floods does not shut the door for others", async () => {
    const limits = { total: 1_000, answersPerConversation: 2 };
    const stage = await openStage({ parts: { limits } });
    for (let n = 0; n < 20; n += 1) stage.outbox.enqueue(text(1, `a${n}`));
    const other = stage.outbox.enqueue(text(2, "other"));
    expect(await other.accepted).toBe("accepted");
    await stage.clock.advance(200);
    expect(stage.telegram.texts(2)).toEqual(["other"]);
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts(1)).toEqual(Array.from({ length: 20 }, (_, n) => `a${n}`));
    await stage.end();
  });
});

describe("the end", () => {
  it("sends what it can before the deadline and keeps the rest for the next start", async () => {
    const stage = await openStage();
    const receipts = Array.from({ length: 8 }, (_, n) => stage.outbox.enqueue(text(1, `a${n}`)));
    const edit = stage.outbox.enqueue(editOf(1, "k", "progress"));
    await stage.clock.advance(10);
    const closed = stage.outbox.close(3_000);
    await stage.clock.advance(3_000);
    await closed;
    expect(stage.telegram.texts()).toEqual(["a0", "a1", "a2", "a3", "a4", "a5"]);
    expect(await edit.outcome).toEqual({ state: "dropped", reason: "closed" });
    expect(await receipts[7]?.outcome).toEqual({ state: "kept" });
    expect(stage.clock.pendingTimers).toBe(0);
    const next = await stage.again();
    await next.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(Array.from({ length: 8 }, (_, n) => `a${n}`));
    await next.end();
  });

  it("is at once when nothing waits", async () => {
    const stage = await openStage();
    stage.outbox.enqueue(text(1, "a"));
    await stage.clock.advance(10);
    await stage.outbox.close(60_000);
    expect(stage.outbox.snapshot().state).toBe("closed");
    expect(stage.clock.pendingTimers).toBe(0);
    const late = stage.outbox.enqueue(text(1, "late"));
    await expect(late.accepted).rejects.toThrow("stopping");
    expect(await stage.outbox.enqueue(editOf(1, "k", "late")).accepted).toBe("dropped");
    await stage.outbox.close(0);
  });

  it("gives up what is on its way; the next life sends it again, marked", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 60_000;
    const receipt = stage.outbox.enqueue(text(1, "slow"));
    await stage.clock.advance(10);
    await stage.end();
    expect(await receipt.outcome).toEqual({ state: "kept" });
    stage.telegram.latencyMs = 0;
    const next = await stage.again();
    await next.clock.advance(10);
    expect(stage.telegram.texts()).toEqual(["slow", "slow\n\n(sent again after a restart)"]);
    await next.end();
  });

  it("answers that come while it closes are kept", async () => {
    const stage = await openStage();
    for (const said of ["1", "2", "3", "4"]) stage.outbox.enqueue(text(1, said));
    await stage.clock.advance(10);
    const closed = stage.outbox.close(100);
    const late = stage.outbox.enqueue(text(2, "late"));
    expect(await late.accepted).toBe("accepted");
    await stage.clock.advance(100);
    await closed;
    expect(stage.telegram.texts(2)).toEqual(["late"]);
  });

  it("answers that find the door shut while it closes are stored, or refused with what to do", async () => {
    const limits = { total: 2, answersPerConversation: 2 };
    const stage = await openStage({ parts: { limits } });
    stage.telegram.always(() => flood(60));
    for (const said of ["1", "2"]) stage.outbox.enqueue(text(1, said));
    await stage.clock.advance(10);
    const closed = stage.outbox.close(1_000);
    const stored = ["3", "4", "5"].map((said) => stage.outbox.enqueue(text(1, said)));
    const photo = { chat_id: 1, photo: new Map() };
    const lost = stage.outbox.enqueue({ kind: "answer", method: "sendPhoto", params: photo });
    await stage.clock.advance(500);
    stage.storage.break("append", "ENOSPC");
    const refused = stage.outbox.enqueue(text(1, "6"));
    await expect(refused.accepted).rejects.toThrow("the disk is full");
    stage.storage.heal();
    await stage.clock.advance(500);
    await closed;
    for (const receipt of stored) {
      expect(await receipt.accepted).toBe("accepted");
      expect(await receipt.outcome).toEqual({ state: "kept" });
    }
    expect(await outcomeNow(refused)).toMatchObject({ state: "failed" });
    expect(await outcomeNow(lost)).toEqual({ state: "dropped", reason: "closed" });
    expect(stage.outbox.snapshot().atTheDoor).toBe(0);
    expect((await stage.again()).outbox.snapshot().totals.recovered).toBe(5);
  });
});
