import { describe, expect, it } from "vitest";
import type { StopScope } from "../../../../bots/main/sessions/scope/stop-receipt.ts";
import { Gate } from "../../../support/gate.ts";
import { home, minuteMs, Stage } from "./stage/stage.ts";

const topicA = { chatId: 7, topicId: 1 };
const topicB = { chatId: 7, topicId: 2 };
const inA: StopScope = { kind: "conversation", place: topicA };
const everywhere: StopScope = { kind: "chat", chatId: 7 };
const untilBrokenOff = (_: string, signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
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

  it("that comes to its turn late does not break off what was sent after it, nor wait for it", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("before");
    const order = stage.nextOrder();
    const fetching = new Gate();
    const fetchFiles = async (_: string, signal: AbortSignal) => {
      await fetching.passed;
      signal.throwIfAborted();
      return { attachments: [], problems: [] };
    };
    const after = stage.sessions.accept({ ...stage.message("after"), fetchFiles });
    await stage.settle();
    const receipt = await stage.sessions.stop({ kind: "conversation", place: home }, order);
    expect(receipt).toMatchObject({ cancelled: 0, lost: 0, sessions: [{ how: "interrupted" }] });
    fetching.open();
    expect(await after).toMatchObject({ kind: "accepted" });
    await stage.settle();
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["before", "after"]);
  });

  it("that comes to its turn late leaves the silence of a turn that goes on to be told", async () => {
    const stage = await Stage.open();
    await stage.create("old", topicA);
    await stage.say("before", topicA);
    const order = stage.nextOrder();
    await stage.create("new", topicA);
    await stage.say("after", topicA);
    await stage.sessions.stop(inA, order);
    await stage.pass(6 * minuteMs);
    expect(stage.chat.kinds).toContain("stalled");
  });

  it("counts what stood behind a download that it broke off, and brings back what has no file", async () => {
    const stage = await Stage.open();
    await stage.create();
    const fetchFiles = untilBrokenOff;
    const first = stage.sessions.accept({ ...stage.message("a file"), fetchFiles });
    const file = stage.onItsWay("another file", { hasFile: true });
    const text = stage.onItsWay("a text");
    await stage.settle();
    stage.onTheirWay = [file, text];
    const receipt = await stage.sessions.stop(
      { kind: "conversation", place: home },
      stage.nextOrder(),
    );
    expect(receipt).toMatchObject({ cancelled: 1, lost: 2, tookMs: 0 });
    expect(await first).toEqual({ kind: "stopped", how: "counted" });
    await stage.sessions.restore(receipt.restoreToken ?? "");
    await stage.settle();
    expect(stage.agents.last.sent.map(({ text: words }) => words)).toEqual(["a text"]);
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
