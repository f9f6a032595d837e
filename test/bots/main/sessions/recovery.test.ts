import { describe, expect, it } from "vitest";
import { home, minuteMs, Stage } from "./stage/stage.ts";

/** A life that ends in the middle of a turn, with one message waiting behind it. */
async function killedInTurn() {
  const stage = await Stage.open();
  await stage.create();
  await stage.say("one");
  const agent = stage.agents.last;
  agent.ready("r1");
  await stage.pass(3_000);
  agent.say("half an answer");
  await stage.say("two");
  return stage;
}

describe("the start after a crash", () => {
  it("ends what was left, and every session rests", async () => {
    const stage = await killedInTurn();
    await stage.create("new", { chatId: 8 });
    const { identity } = stage.agents.last;
    const next = await stage.restarted();
    expect(next.suspects).toEqual([
      { session: "work", process: { identity, commandLine: `agent ${identity.pid}` } },
    ]);
    expect(next.log.of("info").join()).toContain("Cleaned up 1 orphaned subprocesses");
    expect(
      next.sessions
        .all()
        .map((session) => session.record().status)
        .toSorted(),
    ).toEqual(["created", "suspended"]);
    expect(next.sessions.active(home)?.record().process).toBeNull();
    await next.settle();
    expect([...next.files.records.values()].map(({ process }) => process)).toEqual([null, null]);
  });

  it("tells of the turn that was under way, runs nothing by itself, and what waits behind it waits on", async () => {
    const next = await (await killedInTurn()).restarted();
    expect(next.chat.said.map(({ saying }) => saying)).toEqual([
      {
        kind: "interrupted",
        session: "work",
        turn: 1,
        turnKey: expect.stringMatching(/^[a-z0-9]+\/1$/) as string,
        canResume: true,
        shown: "half an answer",
        waiting: 1,
      },
    ]);
    await next.pass(60 * minuteMs);
    expect(next.agents.started).toEqual([]);
    next.chat.forgetKeys();
    expect((await next.restarted()).chat.kinds).toEqual(["interrupted"]);
  });

  it("takes the turn up again when a person says so, once, with what waited", async () => {
    const next = await (await killedInTurn()).restarted();
    expect(await next.sessions.decideInterrupted(1, "resume")).toBe(true);
    expect(await next.sessions.decideInterrupted(1, "discard")).toBe(false);
    await next.settle();
    expect(next.agents.last.where.resume).toEqual({ id: "r1" });
    next.agents.last.endTurn();
    await next.settle();
    expect(next.agents.last.sent.map(({ text }) => text)).toEqual([
      "[An earlier attempt at this was interrupted by a restart. See what is already done before you do it again.]\none",
      "two",
    ]);
  });

  it("throws the turn away when a person says so, and goes on with what waited", async () => {
    const next = await (await killedInTurn()).restarted();
    expect(await next.sessions.decideInterrupted(1, "discard")).toBe(true);
    await next.settle();
    expect(next.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
    expect(await next.sessions.decideInterrupted(1, "resume")).toBe(false);
  });

  it("goes on with a new message, too; the interrupted turn can still be taken up", async () => {
    const next = await (await killedInTurn()).restarted();
    await next.say("three");
    expect(next.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
    expect(await next.sessions.decideInterrupted(1, "resume")).toBe(true);
    next.agents.last.endTurn();
    await next.settle();
    expect(next.agents.last.sent.at(-1)?.text).toContain("one");
  });

  it("hands on an answer that had been given but not told, exactly once", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.chat.trouble = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    stage.agents.last.endTurn("kept");
    await stage.settle();
    stage.chat.trouble = undefined;
    const next = await stage.restarted();
    expect(next.chat.answers).toEqual(["completed: kept"]);
    expect((await next.restarted()).chat.turns).toEqual([]);
    expect(next.chat.kinds).toEqual([]);
  });

  it("begins with what waited and had not been begun", async () => {
    const stage = await Stage.open({ limit: 1 });
    await stage.create("a", { chatId: 1 });
    await stage.create("b", { chatId: 2 });
    await stage.say("one", { chatId: 1 });
    await stage.say("two", { chatId: 2 });
    const next = await stage.restarted();
    expect(next.agents.started.flatMap(({ sent }) => sent.map(({ text }) => text))).toEqual([
      "two",
    ]);
  });

  it("only tells of a turn that the agent had begun by itself", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.endTurn();
    await stage.settle();
    stage.agents.last.startByItself();
    await stage.settle();
    const next = await stage.restarted();
    expect(next.chat.said.at(-1)?.saying).toMatchObject({ kind: "interrupted", canResume: false });
    await next.say("two");
    expect((await next.restarted()).chat.said).toHaveLength(3);
  });

  it("gives up messages whose session has no record any more, and says so in the log", async () => {
    const stage = await killedInTurn();
    stage.files.records.clear();
    const next = await stage.restarted();
    expect(next.log.of("error").join()).toContain("Messages of a session without a record");
    expect((await next.restarted()).log.of("error")).toEqual([]);
  });
});

describe("the end of the bot", () => {
  it("ends all agents at once, within its time, and leaves no timer", async () => {
    const stage = await Stage.open();
    for (const chatId of [1, 2, 3]) {
      await stage.create(`s${chatId}`, { chatId });
      await stage.say("one", { chatId });
      stage.agents.last.stopTakesMs = 4_000;
    }
    stage.agents.started[0]?.endTurn();
    await stage.settle();
    const closing = stage.sessions.close(6_000);
    await stage.pass(4_000);
    await closing;
    expect(stage.agents.alive).toEqual([]);
    expect(stage.clock.pendingTimers).toBe(0);
    expect([...stage.files.records.values()].map(({ status }) => status)).not.toContain("active");
    const next = await stage.restarted();
    expect(next.suspects).toEqual([]);
    expect(next.chat.kinds).toEqual(["interrupted", "interrupted"]);
  });

  it("does not wait for an agent that does not end", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    stage.agents.last.stopTakesMs = 60_000;
    const closing = stage.sessions.close(6_000);
    await stage.pass(6_000);
    await closing;
    expect((await stage.restarted()).suspects).toHaveLength(1);
  });
});
