import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import type { Answer } from "../../../shared/outbound/queue/item.ts";
import { flood, refusal, timeout } from "../stage/fake-telegram.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

const sticker: Answer = {
  kind: "answer",
  answerId: "s",
  method: "sendSticker",
  params: { chat_id: -5, message_thread_id: 9, sticker: "id" },
};

describe("the mark before an item without text", () => {
  it("is said once, however often the item has to be tried again", async () => {
    const stage = await openStage();
    let floods = 2;
    stage.telegram.always(({ method, atMs }) => {
      if (method !== "sendSticker" || atMs === 0) return undefined;
      floods -= 1;
      return floods >= 0 ? flood(5) : undefined;
    });
    stage.telegram.next(timeout());
    const receipt = stage.outbox.enqueue(sticker);
    const behind = stage.outbox.enqueue({
      ...text(-5, "behind it"),
      params: { ...sticker.params, text: "behind it", sticker: undefined },
    });
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts()).toEqual([
      "sendSticker",
      marks.connection,
      "sendSticker",
      "sendSticker",
      "sendSticker",
      "behind it",
    ]);
    expect(stage.telegram.calls[1]?.params["message_thread_id"]).toBe(9);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [102] });
    expect(await outcomeNow(behind)).toMatchObject({ state: "sent" });
    await stage.end();
  });

  it("is paced like everything else", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout());
    for (let n = 0; n < 5; n += 1) stage.outbox.enqueue({ ...sticker, answerId: `s${n}` });
    await stage.clock.advance(2_900);
    // A group takes four at once; the fifth is kept for what is urgent.
    expect(stage.telegram.calls).toHaveLength(4);
    await stage.clock.advance(60_000);
    expect(stage.telegram.calls).toHaveLength(7);
    await stage.end();
  });

  it("waits for the end of a flood itself, and then stands before its item", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout(), flood(5));
    stage.outbox.enqueue(sticker);
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts()).toEqual([
      "sendSticker",
      marks.connection,
      marks.connection,
      "sendSticker",
    ]);
    await stage.end();
  });

  it("counts as said where nobody knows whether it arrived; no answer has failed by that", async () => {
    const failures: unknown[] = [];
    const hooks = { onAnswerFailed: (failure: unknown) => void failures.push(failure) };
    const stage = await openStage({ parts: { hooks } });
    stage.telegram.next(timeout(), timeout());
    const receipt = stage.outbox.enqueue(sticker);
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts()).toEqual(["sendSticker", marks.connection, "sendSticker"]);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent" });
    expect(failures).toEqual([]);
    await stage.end();
  });

  it("tells of a topic that is gone, in the chat, once", async () => {
    const stage = await openStage();
    stage.telegram.always(({ params }) =>
      params["message_thread_id"] === 9
        ? refusal("Bad Request: message thread not found")
        : undefined,
    );
    stage.outbox.enqueue(sticker);
    await stage.clock.advance(60_000);
    expect(stage.telegram.texts()).toEqual(["sendSticker", marks.topic, "sendSticker"]);
    await stage.end();
  });

  it("does not stand in the journal as an attempt of its item", async () => {
    const stage = await openStage();
    stage.telegram.next(timeout());
    stage.outbox.enqueue(sticker);
    await stage.clock.advance(10);
    stage.telegram.latencyMs = 10_000;
    await stage.clock.advance(1_000);
    expect(stage.telegram.texts()).toEqual(["sendSticker", marks.connection]);
    expect(stage.storage.lines.filter(({ t }) => t === "sending")).toHaveLength(1);
    await stage.end();
  });
});
