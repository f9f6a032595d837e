import { afterEach, describe, expect, it } from "vitest";
import { migratedTo, network, refusal } from "../stage/fake-telegram.ts";
import { openStage, outcomeNow, removeFolders, text } from "../stage/stage.ts";

afterEach(removeFolders);

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
