import { afterEach, describe, expect, it } from "vitest";
import { marks } from "../../../shared/outbound/delivery/dress.ts";
import type { Answer } from "../../../shared/outbound/queue/item.ts";
import { refusal, timeout } from "../stage/fake-telegram.ts";
import { live, shown } from "../stage/live-stage.ts";
import { openStage, outcomeNow, removeFolders, type Stage } from "../stage/stage.ts";

afterEach(removeFolders);

const edit: Answer = {
  kind: "answer",
  answerId: "e",
  method: "editMessageText",
  params: { chat_id: -5, message_thread_id: 9, message_id: 50, text: "the answer" },
};
const rich: Answer = {
  kind: "answer",
  method: "editMessageText",
  params: { chat_id: -5, message_id: 50, rich_message: { markdown: "| a |" } },
  instead: [
    { method: "editMessageText", params: { chat_id: -5, message_id: 50, text: "a" } },
    { method: "sendMessage", params: { chat_id: -5, text: "b" } },
  ],
};

function loseEdits(stage: Stage, description = "Bad Request: message to edit not found"): void {
  stage.telegram.always(({ method }) =>
    method === "editMessageText" ? refusal(description) : undefined,
  );
}

describe("an answer that should have become another message, and that one is gone", () => {
  it.each([
    "Bad Request: message to edit not found",
    "Bad Request: message can't be edited",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: TOPIC_CLOSED",
  ])("%s: it is sent as a message, in its topic, once", async (description) => {
    const stage = await openStage();
    loseEdits(stage, description);
    const receipt = stage.outbox.enqueue(edit);
    await stage.clock.advance(30_000);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [101] });
    expect(stage.telegram.calls.map(({ method, params }) => [method, params])).toEqual([
      ["editMessageText", { chat_id: -5, message_id: 50, text: "the answer" }],
      ["sendMessage", { chat_id: -5, message_thread_id: 9, text: "the answer" }],
    ]);
    const again = stage.outbox.enqueue(edit);
    expect(await again.outcome).toMatchObject({ state: "sent", messageIds: [101] });
    await stage.end();
  });

  it("is not sent where it means something in that place only, in whatever form, also after a crash", async () => {
    const stage = await openStage();
    stage.telegram.latencyMs = 100;
    stage.telegram.next(refusal("Bad Request: can't parse entities"));
    loseEdits(stage);
    stage.outbox.enqueue({ ...edit, isOnlyInPlace: true });
    const [first] = rich.instead ?? [];
    const instead = first === undefined ? [] : [first];
    const simpler = stage.outbox.enqueue({ ...rich, instead, isOnlyInPlace: true });
    await stage.clock.advance(5_000);
    expect(await outcomeNow(simpler)).toMatchObject({ state: "sent", messageIds: [] });
    const other = { ...edit, answerId: "f", isOnlyInPlace: true };
    stage.outbox.enqueue(other);
    await stage.clock.advance(50);
    await stage.end();
    const next = await stage.again();
    await next.clock.advance(30_000);
    expect(new Set(stage.telegram.calls.map(({ method }) => method))).toEqual(
      new Set(["editMessageText"]),
    );
    expect(next.journal.unsent).toEqual([]);
    await next.end();
  });

  it("keeps its simpler form, which is sent, too", async () => {
    const stage = await openStage();
    stage.telegram.always(({ method, params }) => {
      if (method === "editMessageText") return refusal("Bad Request: message to edit not found");
      return params["rich_message"] === undefined ? undefined : refusal("Not Found", 404);
    });
    const receipt = stage.outbox.enqueue(rich);
    await stage.clock.advance(30_000);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [101, 102] });
    expect(stage.telegram.texts()).toEqual(["editMessageText", "sendRichMessage", "a", "b"]);
    await stage.end();
  });

  it("survives a crash with its simpler form, and a repeat of it is marked", async () => {
    const stage = await openStage();
    loseEdits(stage);
    stage.telegram.latencyMs = 100;
    stage.outbox.enqueue(rich);
    // The edit was refused; the message is on its way.
    await stage.clock.advance(150);
    await stage.end();
    expect(stage.telegram.texts()).toEqual(["editMessageText", "sendRichMessage"]);
    const next = await stage.again();
    next.telegram.next(refusal("Not Found", 404));
    await next.clock.advance(30_000);
    expect(next.telegram.texts().slice(2)).toEqual([
      "sendRichMessage",
      `a\n\n${marks.restart}`,
      `b\n\n${marks.restart}`,
    ]);
    await next.end();
  });

  it("carries a mark when its new message may have arrived", async () => {
    const stage = await openStage();
    stage.telegram.next(refusal("Bad Request: message to edit not found"), timeout());
    stage.outbox.enqueue(edit);
    await stage.clock.advance(30_000);
    expect(stage.telegram.texts()).toEqual([
      "the answer",
      "the answer",
      `the answer\n\n${marks.connection}`,
    ]);
    await stage.end();
  });

  it("loses nothing of a text that grew: its sealed parts and its end are sent", async () => {
    const stage = await openStage();
    const text = live(stage, { ending: "edit" });
    text.update("0123");
    await stage.clock.advance(10);
    loseEdits(stage);
    text.update("0123456789abc");
    await stage.clock.advance(30_000);
    const finished = text.finish("0123456789abcd");
    await stage.clock.advance(60_000);
    expect(await finished?.outcomes).toMatchObject([{ state: "sent" }, { state: "sent" }]);
    expect(shown(stage)).toEqual([
      "sendMessage 0123",
      "editMessageText 101 0123456789",
      "sendMessage 0123456789",
      "sendMessage abc",
      "editMessageText 103 abcd",
      "sendMessage abcd",
    ]);
    await stage.end();
  });
});

it("progress that lost its message is not sent anew by the outbox", async () => {
  const stage = await openStage();
  loseEdits(stage);
  const { params } = edit;
  const compose = () => ({ method: "editMessageText", params });
  const receipt = stage.outbox.enqueue({ kind: "edit", key: "k", place: { chatId: -5 }, compose });
  await stage.clock.advance(30_000);
  expect(await outcomeNow(receipt)).toMatchObject({ state: "failed" });
  expect(stage.telegram.calls).toHaveLength(1);
  await stage.end();
});
