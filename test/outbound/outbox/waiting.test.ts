import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import { flood, network, timeout } from "../stage/fake-telegram.ts";
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
