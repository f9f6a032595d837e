import { describe, expect, it } from "vitest";
import { seatLimitFor } from "../../../../bots/main/sessions/life/seat-limit.ts";
import { FakeAgent } from "./stage/fake-agent.ts";
import { rested } from "./stage/rested.ts";
import { minuteMs, Stage } from "./stage/stage.ts";

describe("a session that idles", () => {
  it("is suspended after its time, without a word in the chat", async () => {
    const { stage, session, agent } = await rested();
    await stage.pass(10 * minuteMs - 1);
    expect(agent.isAlive).toBe(true);
    await stage.pass(1);
    expect(agent.isAlive).toBe(false);
    expect(session.record()).toMatchObject({ status: "suspended", process: null, resumeId: "r1" });
    expect(stage.log.of("info").join()).toContain("Session 'work' suspended after idle timeout");
    expect(stage.chat.kinds).toEqual([]);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("counts from the last sign of its user, and with the time that was set", async () => {
    const { stage, session, agent } = await rested();
    await stage.pass(9 * minuteMs);
    session.setIdleTimeout(2 * minuteMs);
    await stage.pass(minuteMs);
    session.touch();
    await stage.pass(2 * minuteMs - 1);
    expect(agent.isAlive).toBe(true);
    await stage.pass(1);
    expect(agent.isAlive).toBe(false);
  });

  it("is not suspended while it is busy, has background work, or asks somebody", async () => {
    const { stage, agent } = await rested();
    await stage.say("two");
    await stage.pass(30 * minuteMs);
    expect(agent.isAlive).toBe(true);
    agent.setBackground(["build"]);
    agent.endTurn();
    await stage.pass(30 * minuteMs);
    expect(agent.isAlive).toBe(true);
    agent.emit({
      kind: "request",
      request: { id: "q", ask: { kind: "permission", tool: "Bash", summary: "rm" } },
    });
    agent.setBackground([]);
    await stage.pass(30 * minuteMs);
    expect(agent.isAlive).toBe(true);
    agent.emit({ kind: "request_withdrawn", id: "q" });
    await stage.pass(10 * minuteMs);
    expect(agent.isAlive).toBe(false);
  });

  it("whose agent became busy unseen is not suspended: the timer begins anew, and the log says so", async () => {
    const { stage, agent } = await rested();
    agent.state = "busy";
    await stage.pass(10 * minuteMs);
    expect(agent.isAlive).toBe(true);
    expect(stage.log.of("info").join()).toContain("idle time of a busy session was over");
    agent.state = "idle";
    await stage.pass(10 * minuteMs);
    expect(agent.isAlive).toBe(false);
  });

  it.each([
    ["the timer first", "timer"],
    ["the message first", "message"],
  ])(
    "and gets a message at that very moment, %s: one process, nothing lost",
    async (_name, first) => {
      const { stage, agent } = await rested();
      agent.stopTakesMs = 300;
      await stage.pass(10 * minuteMs - 1);
      const message = stage.message("two");
      const accepted =
        first === "message"
          ? [stage.sessions.accept(message), stage.clock.advance(1)]
          : [stage.clock.advance(1), stage.sessions.accept(message)];
      await Promise.all(accepted);
      await stage.settle();
      expect(stage.agents.alive).toHaveLength(1);
      await stage.pass(300);
      expect(stage.agents.alive).toHaveLength(1);
      expect(stage.agents.started.flatMap(({ sent }) => sent.map(({ text }) => text))).toEqual([
        "one",
        "two",
      ]);
    },
  );
});

describe("a session that is resumed", () => {
  it.each([
    [15 * minuteMs, 15 * minuteMs],
    [3 * 60 * minuteMs, 3 * 60 * minuteMs],
  ])("says after how long (%i ms), and goes on with its history", async (idleMs, told) => {
    const { stage } = await rested();
    await stage.pass(idleMs);
    await stage.say("two");
    expect(stage.chat.said.map(({ saying }) => saying)).toEqual([
      { kind: "resuming", idleMs: told },
    ]);
    expect(stage.agents.last.where.resume).toEqual({ id: "r1" });
    stage.agents.last.ready("r1");
    stage.agents.last.endTurn("two done");
    await stage.settle();
    expect(stage.chat.answers.at(-1)).toBe("completed: two done");
  });

  it("without a known id goes on with the newest history of its folder", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.endTurn();
    await stage.pass(10 * minuteMs);
    await stage.say("two");
    expect(stage.agents.last.where.resume).toBe("latest");
  });

  it.each([
    [
      "the agent says that it cannot",
      (agent: FakeAgent) => agent.exit("resume_failed", "No conversation found"),
    ],
    ["another id comes back", (agent: FakeAgent) => agent.ready("r2")],
  ])("in vain (%s): the user is asked, nothing is begun anew by itself", async (_name, fail) => {
    const { stage, session } = await rested();
    await stage.pass(15 * minuteMs);
    await stage.say("two");
    fail(stage.agents.last);
    await stage.settle();
    expect(stage.chat.kinds).toEqual(["resuming", "resume_failed"]);
    expect(stage.chat.said.at(-1)?.saying).toMatchObject({ waiting: 1, session: "work" });
    expect(stage.agents.alive).toEqual([]);
    await stage.say("three");
    await stage.pass(60 * minuteMs);
    expect(stage.agents.started).toHaveLength(2);
    expect(session.record().resumeId).toBe("r1");

    expect(session.decide("retry")).toBe(true);
    await stage.settle();
    expect(stage.agents.last.where.resume).toEqual({ id: "r1" });
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
    fail(stage.agents.last);
    await stage.settle();

    expect(session.decide("fresh")).toBe(true);
    expect(session.decide("fresh")).toBe(false);
    await stage.settle();
    expect(stage.agents.last.where.resume).toBeUndefined();
    stage.agents.last.ready("r9");
    stage.agents.last.endTurn("fresh");
    await stage.settle();
    expect(session.record()).toMatchObject({ resumeId: "r9", turns: 2, costUsd: 1 });
    expect(stage.chat.answers.at(-1)).toBe("completed: fresh");
  });

  it("never shares its history: another session's id is refused", async () => {
    const { stage } = await rested();
    await stage.create("second", { chatId: 8 });
    await stage.say("hello", { chatId: 8 });
    stage.agents.last.ready("r1");
    await stage.settle();
    expect(stage.chat.said.at(-1)?.saying).toMatchObject({
      kind: "resume_failed",
      reason: "Its history belongs to session 'work'.",
    });
  });
});

describe("seats", () => {
  it("that are all taken by busy sessions make the next one wait, and say so", async () => {
    const stage = await Stage.open({ limit: 1 });
    await stage.create("a", { chatId: 1 });
    await stage.create("b", { chatId: 2 });
    await stage.say("one", { chatId: 1 });
    await stage.say("two", { chatId: 2 });
    expect(stage.chat.said).toMatchObject([
      { place: "2", saying: { kind: "waiting_for_seat", session: "b", limit: 1 } },
    ]);
    const waited = [stage.sessions.find(2, "b")?.id, "waiting_for_seat"];
    expect(stage.chat.over).not.toContainEqual(waited);
    expect(stage.agents.alive).toHaveLength(1);
    stage.agents.last.endTurn();
    await stage.settle();
    expect(stage.agents.started.map(({ isAlive }) => isAlive)).toEqual([false, true]);
    expect(stage.agents.last.sent[0]?.text).toBe("two");
    expect(stage.chat.over).toContainEqual(waited);
  });

  it("are made free by the session that has rested longest", async () => {
    const stage = await Stage.open({ limit: 2 });
    for (const chatId of [1, 2, 3]) await stage.create(`s${chatId}`, { chatId });
    for (const chatId of [1, 2]) {
      await stage.say("hello", { chatId });
      stage.agents.last.endTurn();
      await stage.pass(1_000);
    }
    await stage.say("hello", { chatId: 3 });
    expect(stage.agents.started.map(({ isAlive }) => isAlive)).toEqual([false, true, true]);
    expect(stage.log.of("info").join()).toContain("Session 's1' suspended to make room");
  });

  it("are given back by a start that throws: it is told, and both sessions go on", async () => {
    const stage = await Stage.open({ limit: 1 });
    await stage.create("a", { chatId: 1 });
    await stage.create("b", { chatId: 2 });
    await stage.say("one", { chatId: 1 });
    stage.agents.onStart = () => {
      stage.agents.onStart = () => undefined;
      throw new Error("no folder");
    };
    await stage.say("two", { chatId: 2 });
    stage.agents.started[0]?.endTurn();
    await stage.settle();
    expect(stage.chat.answers.at(-1)).toMatch(/^failed: The agent "demo" could not be started/);
    expect(stage.chat.answers.at(-1)).toContain("no folder");
    expect(stage.seats.takenCount).toBe(0);
    await stage.say("three", { chatId: 2 });
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["three"]);
  });

  it("nobody waits for any more are not taken", async () => {
    const stage = await Stage.open({ limit: 1 });
    await stage.create("a", { chatId: 1 });
    await stage.create("b", { chatId: 2 });
    await stage.say("one", { chatId: 1 });
    await stage.say("two", { chatId: 2 });
    await stage.sessions.cancel(2);
    stage.agents.last.endTurn();
    await stage.pass(1_000);
    expect(stage.agents.started).toHaveLength(1);
    expect(stage.agents.last.isAlive).toBe(true);
  });

  it.each([
    [256, 1],
    [4 * 1024, 4],
    [1024 * 1024, 32],
  ])("are as many as half of %i MB can hold: %i", (megabytes, seats) => {
    expect(seatLimitFor(megabytes * 1024 * 1024)).toBe(seats);
  });
});

describe("a process that was prepared ahead", () => {
  it("serves the next new session, which is suspended like any other", async () => {
    const stage = await Stage.open();
    const process = new FakeAgent(
      99,
      { agent: "demo", persona: "default" },
      { sessionId: "", folderId: "" },
      stage.clock,
    );
    process.ready();
    stage.agents.prepared = { folderId: "prepared1", process };
    const session = await stage.create();
    expect(session.record()).toMatchObject({
      id: "prepared1",
      folder: "prepared1",
      status: "idle",
    });
    await stage.say("one");
    expect(process.sent).toHaveLength(1);
    expect(stage.agents.started).toEqual([process]);
  });

  it("is given back to nothing when nobody speaks; the session is as new as before", async () => {
    const stage = await Stage.open();
    const process = new FakeAgent(
      99,
      { agent: "demo", persona: "default" },
      { sessionId: "", folderId: "" },
      stage.clock,
    );
    stage.agents.prepared = { folderId: "prepared1", process };
    const session = await stage.create();
    await stage.pass(10 * minuteMs);
    expect(process.isAlive).toBe(false);
    expect(session.record().status).toBe("created");
    await stage.say("one");
    expect(stage.agents.last.where.resume).toBeUndefined();
    expect(stage.chat.kinds).toEqual([]);
  });
});
