import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import type { Place } from "../../../shared/outbound/queue/item.ts";
import { flood, migratedTo, refusal } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

const split = () =>
  ["p1", "p2", "p3"].map((said) => ({ method: "sendMessage", params: { chat_id: 1, text: said } }));

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
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts(-5)).toEqual(["a"]);
    expect(stage.telegram.texts(-1005)).toEqual(["a", "b"]);
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

  it("because what it answers is gone is sent without that, once", async () => {
    const stage = await openStage();
    stage.telegram.always(({ params }) =>
      params["reply_parameters"] === undefined
        ? undefined
        : refusal("Bad Request: message to be replied not found"),
    );
    const params = { chat_id: 1, text: "a", reply_parameters: { message_id: 9 } };
    const receipt = stage.outbox.enqueue({ kind: "answer", method: "sendMessage", params });
    await stage.clock.advance(5_000);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent" });
    expect(stage.telegram.calls.map((call) => call.params)).toEqual([
      params,
      { chat_id: 1, text: "a" },
    ]);
    await stage.end();
  });

  it("for its length is split again; the parts stand in its place and are durable", async () => {
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

  it("goes in its simpler form, also when a crash comes in between, and once", async () => {
    const stage = await openStage();
    stage.telegram.always(({ method }) =>
      method === "sendRichMessage" ? refusal("Not Found: method not found", 404) : undefined,
    );
    const params = { chat_id: 1, rich_message: { markdown: "# x" } };
    const instead = split();
    const rich = { kind: "answer", method: "sendRichMessage", params, instead } as const;
    const receipt = stage.outbox.enqueue({ ...rich, answerId: "r" });
    stage.outbox.enqueue({ ...rich, answerId: "r2" });
    await stage.clock.advance(500);
    await stage.end();
    const next = await stage.again();
    await next.clock.advance(20_000);
    expect(stage.telegram.texts()).toEqual([
      "sendRichMessage",
      "p1",
      "p2",
      "p3",
      "sendRichMessage",
      "p1",
      "p2",
      "p3",
    ]);
    expect(await receipt.outcome).toEqual({ state: "kept" });
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
