import { describe, expect, it } from "vitest";
import type { StopScope } from "../../../../bots/main/sessions/scope/stop-receipt.ts";
import { Gate } from "../../../support/gate.ts";
import { home, Stage } from "./stage/stage.ts";

const topicA = { chatId: 7, topicId: 1 };
const topicB = { chatId: 7, topicId: 2 };
const inA: StopScope = { kind: "conversation", place: topicA };
const everywhere: StopScope = { kind: "chat", chatId: 7 };
const refused = () => Promise.reject(new Error("the disk is full"));

describe("a stop", () => {
  it("leaves alone what was sent after it, also while it is being recorded", async () => {
    const stage = await Stage.open();
    await stage.create("a", topicA);
    await stage.create("b", topicB);
    await stage.say("before", topicB);
    stage.agents.last.ready("r1");
    const gate = new Gate();
    const receipt = stage.sessions.stop(everywhere, stage.nextOrder(), () => gate.passed);
    const after = stage.say("after", topicB);
    await stage.settle();
    expect(stage.agents.last.interrupted).toBe(0);
    gate.open();
    expect(await receipt).toMatchObject({ cancelled: 0, sessions: [{ session: "b" }] });
    expect(await after).toMatchObject({ kind: "accepted" });
    await stage.settle();
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["before", "after"]);
  });

  it("that comes to its turn late stops what was there before it, and nothing that was sent after it", async () => {
    const stage = await Stage.open();
    await stage.create("old", topicA);
    await stage.say("before", topicA);
    const old = stage.agents.last;
    old.ready("r1");
    const order = stage.nextOrder();
    await stage.create("new", topicA);
    await stage.say("after", topicA);
    const fresh = stage.agents.last;
    fresh.ready("r2");
    await stage.say("behind it", topicA);
    const receipt = await stage.sessions.stop(inA, order);
    expect(receipt).toMatchObject({ cancelled: 0, sessions: [{ session: "old" }] });
    expect([old.interrupted, fresh.interrupted]).toEqual([1, 0]);
    fresh.endTurn("the answer");
    await stage.settle();
    expect(stage.chat.answers).toContain("completed: the answer");
    expect(fresh.sent.map(({ text }) => text)).toEqual(["after", "behind it"]);
    expect(stage.sessions.find(7, "new")?.waiting).toEqual([]);
  });

  it("that could not be recorded stops nothing, and holds nothing up", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    const scope: StopScope = { kind: "conversation", place: home };
    await expect(stage.sessions.stop(scope, stage.nextOrder(), refused)).rejects.toThrow("full");
    await stage.say("two");
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["one"]);
    expect(stage.agents.last.interrupted).toBe(0);
  });
});
