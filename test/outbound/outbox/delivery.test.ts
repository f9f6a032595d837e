import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import type { Place } from "../../../shared/outbound/queue/item.ts";
import { flood, migratedTo, network, refusal, timeout } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

describe("when Telegram cannot be reached", () => {
  it("everything waits, ever longer, and goes out in order when it can", async () => {
    const stage = await openStage();
    let isDown = true;
    stage.telegram.always(() => (isDown ? network("ENOTFOUND") : undefined));
    for (const said of ["a", "b"]) stage.outbox.enqueue(text(1, said));
    stage.outbox.enqueue(text(2, "c"));
    await stage.clock.advance(60_000);
    expect(stage.outbox.snapshot()).toMatchObject({ offline: true, lagMs: 60_000 });
    expect(stage.telegram.calls.length).toBeLessThan(20);
    isDown = false;
    const before = stage.telegram.calls.length;
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts().slice(before).toSorted()).toEqual(["a", "b", "c"]);
    expect(stage.outbox.snapshot()).toMatchObject({ offline: false, lagMs: 0 });
    await stage.end();
  });

  it("what surely did not leave is sent plainly after a restart", async () => {
    const stage = await openStage();
    stage.telegram.next(network("ECONNREFUSED"));
    stage.outbox.enqueue(text(1, "a"));
    await stage.clock.advance(10);
    await stage.end();
    const next = await stage.again();
    await next.clock.advance(10);
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await next.end();
  });
});

describe("when nobody knows whether it arrived", () => {
  it("an answer goes once more, marked", async () => {
    const stage = await openStage();
    stage.telegram.next(network("ECONNRESET"));
    const receipt = stage.outbox.enqueue(text(1, "a"));
    stage.outbox.enqueue(text(1, "b"));
    await stage.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["a", `a\n\n${marks.connection}`, "b"]);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent" });
    await stage.end();
  });

  it("a second time it has failed, and the next answer goes on", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout(), timeout());
    const receipt = stage.outbox.enqueue(text(1, "a"));
    stage.outbox.enqueue(text(1, "b"));
    await stage.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["a", `a\n\n${marks.connection}`, "b"]);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "failed" });
    await stage.end();
    expect((await stage.again()).outbox.snapshot().totals.recovered).toBe(0);
  });

  it("a sticker goes once more behind a message that says so", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout());
    const params = { chat_id: -5, message_thread_id: 3, sticker: "id" };
    stage.outbox.enqueue({ kind: "answer", method: "sendSticker", params });
    await stage.clock.advance(10_000);
    expect(stage.telegram.calls.map(({ method, params: sent }) => [method, sent])).toEqual([
      ["sendSticker", params],
      ["sendMessage", { chat_id: -5, message_thread_id: 3, text: marks.connection }],
      ["sendSticker", params],
    ]);
    await stage.end();
  });

  it("an edit goes again as it is", async () => {
    const stage = await openStage();
    stage.telegram.next(network("ECONNRESET"), network("ECONNRESET"));
    stage.outbox.enqueue(editOf(1, "k", "a"));
    await stage.clock.advance(10_000);
    expect(stage.telegram.texts()).toEqual(["a", "a", "a"]);
    await stage.end();
  });
});

describe("a flood", () => {
  it("is obeyed: the chat is silent until then, others go on", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(30));
    for (const said of ["1a", "1b"]) stage.outbox.enqueue(text(1, said));
    stage.outbox.enqueue(text(2, "2a"));
    await stage.clock.advance(29_999);
    expect(stage.telegram.texts()).toEqual(["1a", "2a"]);
    expect(stage.outbox.snapshot().floodWaits).toMatchObject([{ chatId: 1, slowness: 1.5 }]);
    await stage.clock.advance(5_000);
    expect(stage.telegram.texts()).toEqual(["1a", "2a", "1a", "1b"]);
    expect(stage.outbox.snapshot().floodWaits).toEqual([]);
    await stage.end();
  });

  it("of more than a minute is told to the chat afterwards, once, before what waited", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(1_000), flood(90));
    stage.outbox.enqueue(text(1, "a"));
    await stage.clock.advance(500_000);
    const [wait] = stage.outbox.snapshot().floodWaits;
    expect(wait).toMatchObject({ chatId: 1, waitMs: 500_000 });
    expect(wait?.untilMs).toBe(stage.clock.now() + 500_000);
    await stage.clock.advance(700_000);
    const notices = stage.telegram.texts().filter((said) => /made this bot wait 17 min/.test(said));
    // The first notice met the second flood and was not shown.
    expect(stage.telegram.texts()).toEqual(["a", notices[0], notices[0], "a"]);
    await stage.end();
  });

  it("of a minute is not worth a message", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(60));
    stage.outbox.enqueue(text(1, "a"));
    await stage.clock.advance(100_000);
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    await stage.end();
  });

  it("in three chats at once is one of the whole bot", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(7), flood(9), flood(8));
    for (const chat of [1, 2, 3]) stage.outbox.enqueue(text(chat, `c${chat}`));
    await stage.clock.advance(100);
    stage.outbox.enqueue(text(4, "c4"));
    await stage.clock.advance(6_800);
    expect(stage.telegram.texts(4)).toEqual([]);
    await stage.clock.advance(5_000);
    expect(stage.telegram.texts().slice(3).toSorted()).toEqual(["c1", "c2", "c3", "c4"]);
    await stage.end();
  });

  it("meets an edit: only the newest one goes when it is over", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    stage.outbox.enqueue(editOf(1, "k", "old"));
    await stage.clock.advance(10);
    stage.outbox.enqueue(editOf(1, "k", "new"));
    await stage.clock.advance(20_000);
    expect(stage.telegram.texts()).toEqual(["old", "new"]);
    await stage.end();
  });

  it("of a call holds up that call alone", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    stage.outbox.enqueue({ kind: "call", method: "setMyCommands", params: { commands: [] } });
    stage.outbox.enqueue({ kind: "call", method: "getMe", params: {} });
    await stage.clock.advance(6_000);
    expect(stage.telegram.texts()).toEqual(["setMyCommands", "getMe", "setMyCommands"]);
    await stage.end();
  });
});

describe("a chat", () => {
  it("that blocked us: what waits fails with the reason, progress is refused, a message lifts it", async () => {
    const blocked: (number | string)[] = [];
    const hooks = { onChatBlocked: (id: number | string) => void blocked.push(id) };
    const stage = await openStage({ parts: { hooks } });
    stage.telegram.latencyMs = 10;
    stage.telegram.next(refusal("Forbidden: bot was blocked by the user", 403));
    const receipts = ["a", "b"].map((said) => stage.outbox.enqueue(text(1, said)));
    const edit = stage.outbox.enqueue(editOf(1, "k", "e"));
    await stage.clock.advance(1_000);
    expect(stage.telegram.texts()).toEqual(["a"]);
    for (const receipt of receipts) {
      expect(await outcomeNow(receipt)).toMatchObject({
        state: "failed",
        reason: expect.stringContaining("blocked by the user"),
      });
    }
    expect(await outcomeNow(edit)).toEqual({ state: "dropped", reason: "blocked" });
    expect(blocked).toEqual([1]);
    expect(stage.outbox.snapshot().blockedChats).toBe(1);
    expect(await stage.outbox.enqueue(editOf(1, "k2", "e")).accepted).toBe("dropped");
    stage.outbox.heardFrom(1);
    expect(await stage.outbox.enqueue(editOf(1, "k2", "e")).accepted).toBe("accepted");
    await stage.end();
  });

  it("that moved is followed once, with all that waits, and remembered over a restart", async () => {
    const stage = await openStage();
    stage.telegram.always(({ params }) =>
      params["chat_id"] === -5 ? migratedTo(-1005) : undefined,
    );
    for (const said of ["a", "b"]) stage.outbox.enqueue(text(-5, said));
    stage.outbox.enqueue(editOf(-5, "k", "e"));
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts(-5)).toEqual(["a"]);
    expect(stage.telegram.texts(-1005)).toEqual(["a", "b", "e"]);
    await stage.end();
    const next = await stage.again();
    next.outbox.enqueue(text(-5, "c"));
    await next.clock.advance(60_000);
    expect(stage.telegram.texts(-1005)).toContain("c");
    expect(stage.telegram.texts(-5)).toEqual(["a"]);
    await next.end();
  });
});

describe("a topic that is gone", () => {
  it("its answers go to the chat, flagged, and its owner is told once", async () => {
    const gone: Place[] = [];
    const stage = await openStage({
      parts: { hooks: { onTopicGone: (place) => void gone.push(place) } },
    });
    stage.telegram.always(({ params }) =>
      params["message_thread_id"] === 9
        ? refusal("Bad Request: message thread not found")
        : undefined,
    );
    const params = { chat_id: -5, message_thread_id: 9, text: "a" };
    stage.outbox.enqueue({ kind: "answer", method: "sendMessage", params });
    stage.outbox.enqueue({
      kind: "answer",
      method: "sendMessage",
      params: { ...params, text: "b" },
    });
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts()).toEqual([
      "a",
      `a\n\n${marks.topic}`,
      "b",
      `b\n\n${marks.topic}`,
    ]);
    expect(gone).toEqual([{ chatId: -5, topicId: 9 }]);
    await stage.end();
  });
});

describe("a text that Telegram refuses", () => {
  it("for its formatting goes as plain text", async () => {
    const stage = await openStage();
    stage.telegram.next(refusal("Bad Request: can't parse entities: Can't find end"));
    const params = { chat_id: 1, text: "*a", parse_mode: "MarkdownV2" };
    stage.outbox.enqueue({ kind: "answer", method: "sendMessage", params });
    await stage.clock.advance(5_000);
    expect(stage.telegram.calls.at(-1)?.params).toEqual({ chat_id: 1, text: "*a" });
    await stage.end();
  });

  it("for its length is split again; the parts stand in its place and are durable", async () => {
    const split = () =>
      ["p1", "p2", "p3"].map((said) => ({
        method: "sendMessage",
        params: { chat_id: 1, text: said },
      }));
    const stage = await openStage({ parts: { split } });
    stage.telegram.always(({ params }) =>
      params["text"] === "long" ? refusal("Bad Request: message is too long") : undefined,
    );
    const receipt = stage.outbox.enqueue(text(1, "long", { answerId: "l" }));
    stage.outbox.enqueue(text(1, "next"));
    await stage.clock.advance(500);
    expect(stage.telegram.texts()).toEqual(["long", "p1", "p2"]);
    await stage.end();
    expect(await receipt.outcome).toEqual({ state: "kept" });
    const next = await stage.again();
    await next.clock.advance(10_000);
    expect(stage.telegram.texts().slice(3)).toEqual(["p3", "next"]);
    const again = next.outbox.enqueue(text(1, "long", { answerId: "l" }));
    expect(await again.outcome).toMatchObject({ state: "sent" });
    await next.end();
  });

  it("for its length, and nobody can split it, has failed", async () => {
    const stage = await openStage();
    stage.telegram.next(refusal("Bad Request: message is too long"));
    const receipt = stage.outbox.enqueue(text(1, "long"));
    await stage.clock.advance(100);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "failed" });
    await stage.end();
  });
});

describe("a disk that is full", () => {
  it("refuses new answers with what to do; progress goes on", async () => {
    const stage = await openStage();
    stage.storage.break("append", "ENOSPC");
    const receipt = stage.outbox.enqueue(text(1, "a"));
    await expect(receipt.accepted).rejects.toThrow("the disk is full; free some space");
    expect(await receipt.outcome).toMatchObject({ state: "failed" });
    stage.outbox.enqueue(editOf(1, "k", "e"));
    await stage.clock.advance(100);
    expect(stage.telegram.texts()).toEqual(["e"]);
    await stage.end();
  });

  it("holds back answers that were accepted, visibly, until it has room again", async () => {
    const stage = await openStage();
    stage.telegram.next(flood(5));
    stage.outbox.enqueue(text(1, "a"));
    await stage.clock.advance(100);
    stage.storage.break("append", "ENOSPC");
    await stage.clock.advance(20_000);
    expect(stage.telegram.texts()).toEqual(["a"]);
    expect(stage.outbox.snapshot().storageTrouble).toContain("ENOSPC");
    expect(stage.log.of("error")).toHaveLength(1);
    stage.storage.heal();
    await stage.clock.advance(2_000);
    expect(stage.telegram.texts()).toEqual(["a", "a"]);
    expect(stage.outbox.snapshot().storageTrouble).toBeUndefined();
    await stage.end();
    expect(stage.clock.pendingTimers).toBe(0);
  });
});
