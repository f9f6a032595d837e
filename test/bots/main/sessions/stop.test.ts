import { describe, expect, it } from "vitest";
import type { StopScope } from "../../../../bots/main/sessions/scope/stop-receipt.ts";
import { home, minuteMs, Stage } from "./stage/stage.ts";

const topicA = { chatId: 7, topicId: 1 };
const topicB = { chatId: 7, topicId: 2 };
const inA: StopScope = { kind: "conversation", place: topicA };
const everywhere: StopScope = { kind: "chat", chatId: 7 };

function stop(stage: Stage, scope: StopScope = { kind: "conversation", place: home }) {
  return stage.sessions.stop(scope, stage.nextOrder());
}

describe("a stop", () => {
  it("interrupts the turn, keeps the agent, cancels what waits, and brings it back once", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    const agent = stage.agents.last;
    agent.ready("r1");
    agent.say("half of it");
    await stage.say("two");
    await stage.say("three");
    const receipt = await stop(stage);
    expect(receipt.sessions).toEqual([
      expect.objectContaining({
        session: "work",
        place: home,
        how: "interrupted",
        isVerified: true,
        backgroundLeft: 0,
      }),
    ]);
    expect(receipt.sessions[0]?.cancelled.map(({ text }) => text)).toEqual(["two", "three"]);
    expect(receipt.cancelled).toBe(2);
    expect(stage.chat.answers).toEqual(["aborted: half of it"]);
    expect(agent.isAlive).toBe(true);
    expect(session.waiting).toEqual([]);

    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(2);
    expect(await stage.sessions.restore(receipt.restoreToken ?? "")).toBe(0);
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two"]);
    // What must wait once more is shown once more.
    expect(stage.chat.waiting).toEqual(session.waiting.map(({ seq }) => seq));
    expect(stage.chat.waiting).toHaveLength(1);
    agent.endTurn();
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it("can be taken back after a restart, too", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.say("two");
    const { restoreToken = "" } = await stop(stage);
    const next = await stage.restarted();
    expect(await next.sessions.restore(restoreToken)).toBe(1);
    await next.settle();
    expect(next.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
  });

  it("with nothing to stop says so, and leaves no mark", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.endTurn();
    await stage.settle();
    expect(await stop(stage)).toMatchObject({
      sessions: [],
      cancelled: 0,
      restoreToken: undefined,
    });
    expect(stage.fence.markCount).toBe(0);
    expect(stage.agents.last.interrupted).toBe(0);
  });

  it("ends an agent that does not listen: 2 s, then the process, then all it started", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    const agent = stage.agents.last;
    agent.ready("r1");
    agent.interrupts = "ignores";
    agent.stopTakesMs = 5_000;
    const stopping = stop(stage);
    await stage.pass(1_999);
    expect(agent.state).toBe("busy");
    await stage.pass(1);
    expect(agent.state).toBe("stopping");
    await stage.pass(5_000);
    expect((await stopping).sessions[0]).toMatchObject({ how: "killed", tookMs: 7_000 });
    expect(session.record().status).toBe("suspended");
    await stage.say("two");
    expect(stage.agents.last.where.resume).toEqual({ id: "r1" });
  });

  it.each([
    ["says late words", (stage: Stage) => stage.agents.last.say("late")],
    ["exits with an error", (stage: Stage) => stage.agents.last.exit("crashed", "boom", 1)],
    ["ends its turn after all", (stage: Stage) => stage.agents.last.endTurn("late")],
    [
      "asks something",
      (stage: Stage) =>
        stage.agents.last.emit({
          kind: "request",
          request: { id: "q", ask: { kind: "permission", tool: "Bash", summary: "rm" } },
        }),
    ],
  ])("discards what comes afterwards: the agent %s", async (_name, late) => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.say("early");
    stage.agents.last.interrupts = "ignores";
    const stopping = stop(stage);
    await stage.settle();
    late(stage);
    await stage.pass(10_000);
    await stopping;
    expect(stage.chat.answers).toEqual(["aborted: early"]);
    expect(stage.chat.turns[0]?.text).toBe("early");
    expect(stage.chat.kinds).toEqual([]);
    expect(stage.log.of("error")).toEqual([]);
  });

  it("ends a start and a wait for a seat in progress", async () => {
    const stage = await Stage.open({ limit: 1 });
    await stage.create("a", topicA);
    await stage.create("b", topicB);
    await stage.say("one", topicA);
    await stage.say("two", topicB);
    expect(await stop(stage, { kind: "conversation", place: topicB })).toMatchObject({
      sessions: [expect.objectContaining({ session: "b", how: "waited" })],
      cancelled: 1,
    });
    stage.agents.last.state = "starting";
    expect((await stop(stage, inA)).sessions[0]).toMatchObject({ session: "a", how: "killed" });
    expect(stage.agents.alive).toEqual([]);
    await stage.pass(minuteMs);
    expect(stage.agents.started).toHaveLength(1);
  });

  it("ends every session of its conversation, and touches no other conversation", async () => {
    const stage = await Stage.open();
    await stage.create("a1", topicA);
    await stage.say("one", topicA);
    await stage.create("a2", topicA);
    await stage.say("two", topicA);
    await stage.create("b", topicB);
    await stage.say("three", topicB);
    await stage.say("four", topicB);
    const receipt = await stop(stage, inA);
    expect(receipt.sessions.map(({ session }) => session).toSorted()).toEqual(["a1", "a2"]);
    const other = stage.agents.last;
    other.endTurn("three done");
    await stage.settle();
    expect(other.sent.map(({ text }) => text)).toEqual(["three", "four"]);
    expect(stage.chat.answers).toContain("completed: three done");
  });

  it("of a chat ends all of its conversations and their background work, and no other chat", async () => {
    const stage = await Stage.open();
    await stage.create("a", topicA);
    await stage.create("b", topicB);
    await stage.create("far", { chatId: 8 });
    for (const place of [topicA, topicB, { chatId: 8 }]) await stage.say("go", place);
    const [a, b, far] = stage.agents.started;
    b?.setBackground(["build"]);
    b?.endTurn();
    await stage.settle();
    const receipt = await stop(stage, everywhere);
    expect(receipt.sessions.map(({ session, how }) => `${session} ${how}`).toSorted()).toEqual([
      "a interrupted",
      "b killed",
    ]);
    expect([a, b, far].map((agent) => agent?.isAlive)).toEqual([true, false, true]);
    expect(far?.state).toBe("busy");
  });

  it("in a topic leaves background work alone where the agent listens, and says so", async () => {
    const stage = await Stage.open();
    await stage.create("a", topicA);
    await stage.say("go", topicA);
    stage.agents.last.setBackground(["build"]);
    expect((await stop(stage, inA)).sessions[0]).toMatchObject({
      how: "interrupted",
      isVerified: false,
      backgroundLeft: 1,
    });
    expect(stage.agents.last.isAlive).toBe(true);
  });

  it("leaves alone what goes on in another session of the topic: its background work asks as before, its silence is told", async () => {
    const stage = await Stage.open();
    await stage.create("bg", topicA);
    await stage.say("go", topicA);
    const background = stage.agents.last;
    background.setBackground(["build"]);
    background.endTurn();
    await stage.settle();
    await stage.create("busy", topicA);
    await stage.say("work", topicA);
    expect(await stop(stage, inA)).toMatchObject({ backgroundLeft: 1 });
    const ask = { kind: "permission", tool: "Bash", summary: "rm" } as const;
    background.emit({ kind: "request", request: { id: "q", ask } });
    await stage.settle();
    expect(background.replies).toEqual([]);
    expect(stage.chat.kinds).toEqual(["request"]);
  });

  it("twice at once has one result, and the session goes on afterwards", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.interrupts = "ignores";
    const first = stop(stage);
    const accepted = stage.sessions.accept(stage.message("two"));
    await stage.settle();
    const second = stop(stage);
    await stage.pass(10_000);
    expect((await first).sessions[0]).toMatchObject({ how: "killed" });
    expect((await second).sessions[0]).toMatchObject({ how: "killed" });
    expect((await second).cancelled).toBe(1);
    await accepted;
    await stage.say("three");
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["three"]);
  });

  it("again while the first still ends the process waits for the same result", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.interrupts = "ignores";
    stage.agents.last.stopTakesMs = 3_000;
    const first = stop(stage);
    await stage.pass(2_500);
    const second = stop(stage);
    await stage.pass(10_000);
    for (const receipt of [await first, await second]) {
      expect(receipt.sessions).toMatchObject([{ how: "killed" }]);
    }
  });

  it("at the very end of a turn leaves that turn completed, and waits until it is told", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.endTurn("just in time");
    const receipt = await stop(stage);
    expect(receipt.sessions).toEqual([]);
    await stage.settle();
    expect(stage.chat.answers).toEqual(["completed: just in time"]);
  });
});
