import { afterEach, describe, expect, it } from "vitest";
import { flood, migratedTo, network, refusal } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { live, shown } from "../stage/live-stage.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

/** The first call is asked to wait, if at all. */
function floodsOnce(isWanted: boolean) {
  let isFlooded = false;
  const rule = () => {
    if (!isWanted || isFlooded) return undefined;
    isFlooded = true;
    return flood(3);
  };
  return { rule, isFlooded: () => isFlooded };
}

describe("a group that moved", () => {
  it("keeps the order of the answers at the door, also among those that know its new id", async () => {
    const limits = { answersPerConversation: 1 };
    const stage = await openStage({ parts: { limits } });
    stage.telegram.always(({ params }) =>
      params["chat_id"] === -5 ? migratedTo(-1005) : undefined,
    );
    stage.telegram.latencyMs = 100;
    for (const said of ["a", "b", "c", "d"]) stage.outbox.enqueue(text(-5, said));
    // The move is known by now.
    await stage.clock.advance(150);
    expect(stage.outbox.snapshot().atTheDoor).toBeGreaterThan(0);
    for (const said of ["e", "f"]) stage.outbox.enqueue(text(-1005, said));
    await stage.clock.advance(120_000);
    expect(stage.telegram.texts(-5)).toEqual(["a"]);
    expect(stage.telegram.texts(-1005)).toEqual(["a", "b", "c", "d", "e", "f"]);
    await stage.end();
  });

  it.each([
    ["what waits", 0],
    ["what is on its way", 100],
    ["what is asked to wait while it is on its way", 300],
  ])("of which an update tells keeps the order of all answers, also of %s", async (_what, atMs) => {
    const stage = await openStage();
    stage.telegram.latencyMs = 200;
    let hasMoved = false;
    const { rule, isFlooded } = floodsOnce(atMs === 300);
    stage.telegram.always((call) =>
      hasMoved && call.params["chat_id"] === -5 ? migratedTo(-1005) : rule(),
    );
    for (const said of ["5", "6", "7"]) stage.outbox.enqueue(text(-5, said));
    stage.outbox.enqueue(text(-1005, "6.5"));
    await stage.clock.advance(Math.min(atMs, 150));
    hasMoved = atMs !== 300;
    stage.outbox.migrated.remember(-5, -1005);
    for (const said of ["8", "9"]) stage.outbox.enqueue(text(-1005, said));
    await stage.clock.advance(120_000);
    const told = stage.telegram.texts().filter((said) => /^[5-9]$/.test(said));
    expect(isFlooded()).toBe(atMs === 300);
    expect([...new Set(told)]).toEqual(["5", "6", "7", "8", "9"]);
    expect(stage.telegram.texts(-5).length).toBeLessThanOrEqual(1);
    await stage.end();
  });

  it("is followed once: what is sent on and on has failed", async () => {
    const stage = await openStage();
    stage.telegram.always(({ params }) => migratedTo(Number(params["chat_id"]) - 1_000));
    const receipt = stage.outbox.enqueue(text(-5, "a"));
    await stage.clock.advance(2_000);
    expect(await outcomeNow(receipt)).toMatchObject({ state: "failed" });
    expect(stage.telegram.calls.map(({ params }) => params["chat_id"])).toEqual([-5, -1005]);
    await stage.end();
  });
});

describe("what stands in a group that moved", () => {
  const old = { chat_id: -5, message_id: 50 };

  it("is left alone: an answer that should have become it is a new message in the new chat", async () => {
    const stage = await openStage();
    stage.outbox.migrated.remember(-5, -1005);
    const answer = stage.outbox.enqueue({
      kind: "answer",
      method: "editMessageText",
      params: { ...old, text: "the answer" },
    });
    stage.outbox.enqueue(editOf(-5, "k", "e"));
    const place = { chatId: -5 };
    stage.outbox.enqueue({ kind: "deletion", place, method: "deleteMessage", params: old });
    await stage.clock.advance(30_000);
    expect(await outcomeNow(answer)).toMatchObject({ state: "sent" });
    expect(stage.telegram.calls.map(({ method, params }) => [method, params])).toEqual([
      ["sendMessage", { chat_id: -1005, text: "the answer" }],
    ]);
    await stage.end();
  });

  it("is left alone, and nothing is said in the new chat, by what means something in its place only", async () => {
    const stage = await openStage();
    const params = { ...old, text: "✖️ Cancelled." };
    const wish = {
      kind: "answer",
      method: "editMessageText",
      params,
      isOnlyInPlace: true,
    } as const;
    const early = stage.outbox.enqueue({ ...wish, answerId: "early" });
    stage.telegram.next(migratedTo(-1005));
    await stage.clock.advance(30_000);
    const late = stage.outbox.enqueue({ ...wish, answerId: "late" });
    await stage.clock.advance(30_000);
    for (const receipt of [early, late]) {
      expect(await outcomeNow(receipt)).toMatchObject({ state: "sent", messageIds: [] });
    }
    expect(stage.telegram.calls).toHaveLength(1);
    expect(stage.log.of("error")).toEqual([]);
    await stage.end();
  });

  it("and grows there goes on in one new message, which its end takes away", async () => {
    const stage = await openStage();
    const growing = live(stage);
    growing.update("one");
    await stage.clock.advance(5_000);
    stage.telegram.always(({ params }) =>
      params["chat_id"] === -5 ? migratedTo(-1005) : undefined,
    );
    for (const said of ["one two", "1 2 3", "1 2 3 4"]) {
      growing.update(said);
      await stage.clock.advance(10_000);
    }
    growing.finish("the end");
    await stage.clock.advance(20_000);
    expect(shown(stage)).toEqual([
      "sendMessage one",
      "editMessageText 101 one two",
      "sendMessage one two",
      "editMessageText 102 1 2 3",
      "editMessageText 102 1 2 3 4",
      "sendMessage the end",
      "deleteMessage 102",
    ]);
    const before = stage.telegram.texts(-5).filter((said) => said !== "sendChatAction");
    expect(before).toEqual(["one", "one two"]);
    await stage.end();
  });
});

it("a move is saved before it counts as saved, and whoever follows hears of it once", async () => {
  const stage = await openStage();
  const { migrated } = stage.outbox;
  const heard: [number, number][] = [];
  migrated.remember(-5, -1005);
  migrated.follow((...move) => void heard.push(move));
  migrated.remember(-5, -1005);
  migrated.remember(-6, -1006);
  await migrated.saved();
  expect(heard).toEqual([
    [-5, -1005],
    [-6, -1006],
  ]);
  await stage.end();
  const next = await stage.again();
  expect([-5, -6].map((id) => next.outbox.migrated.resolve(id))).toEqual([-1005, -1006]);
  await next.end();
});

it("a refusal is a sign of life: Telegram can be reached again", async () => {
  const stage = await openStage();
  stage.telegram.next(network("ENOTFOUND"), refusal("Bad Request: chat not found"));
  stage.outbox.enqueue(text(1, "a"));
  await stage.clock.advance(10);
  expect(stage.outbox.snapshot().offline).toBe(true);
  await stage.clock.advance(2_000);
  expect(stage.telegram.calls).toHaveLength(2);
  expect(stage.outbox.snapshot().offline).toBe(false);
  await stage.end();
});
