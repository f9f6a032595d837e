import { describe, expect, it } from "vitest";
import { minuteMs, Stage } from "./stage/stage.ts";

describe("a message", () => {
  it("starts the agent, goes to it, and its answer is delivered at the turn's end", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    const acceptance = await stage.say("hello");
    expect(acceptance).toMatchObject({ kind: "accepted", ahead: 0, mustWait: false });
    const agent = stage.agents.last;
    expect(agent.where.resume).toBeUndefined();
    expect(agent.sent).toEqual([{ text: "hello", images: [] }]);
    expect(session.record().status).toBe("active");
    agent.ready("r1");
    agent.emit({ kind: "partial", text: "wor" });
    agent.emit({ kind: "partial", text: "king" });
    expect(stage.chat.turns[0]).toMatchObject({ text: "working", ending: undefined });
    agent.endTurn("the answer");
    await stage.settle();
    expect(stage.chat.answers).toEqual(["completed: the answer"]);
    expect(agent.isAlive).toBe(true);
    expect(session.record()).toMatchObject({
      status: "idle",
      resumeId: "r1",
      turns: 1,
      costUsd: 0.5,
    });
    expect(stage.chat.kinds).toEqual([]);
  });

  it("that comes while a turn runs waits; each that waits is a turn of its own, in order", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    expect(await stage.say("two")).toMatchObject({ ahead: 0, mustWait: true });
    expect(await stage.say("three")).toMatchObject({ ahead: 1, mustWait: true });
    const agent = stage.agents.last;
    expect(agent.sent).toHaveLength(1);
    agent.endTurn();
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(session.waiting.map(({ text }) => text)).toEqual(["three"]);
    expect(stage.chat.gone).toEqual([
      [1, "taken"],
      [2, "taken"],
    ]);
    agent.endTurn("the second answer");
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    agent.endTurn("the third answer");
    await stage.settle();
    expect(stage.chat.answers.slice(1)).toEqual([
      "completed: the second answer",
      "completed: the third answer",
    ]);
  });

  it("can be taken out of the queue, once, and only while it waits", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.say("two");
    expect(await stage.sessions.cancel(2)).toBe(true);
    expect(await stage.sessions.cancel(2)).toBe(false);
    expect(await stage.sessions.cancel(1)).toBe(false);
    stage.agents.last.endTurn();
    await stage.settle();
    expect(stage.agents.last.sent).toHaveLength(1);
  });

  it("that comes again after a crash is dropped", async () => {
    const stage = await Stage.open();
    await stage.create();
    const message = stage.message("once");
    await Promise.all([stage.sessions.accept(message), stage.sessions.accept(message)]);
    const next = await stage.restarted();
    expect(await next.sessions.accept(message)).toEqual({ kind: "repeated" });
  });

  it("that is a piece waits for the others, and they go together", async () => {
    const stage = await Stage.open();
    await stage.create();
    for (const [at, text] of ["a", "b", "c"].entries()) {
      const sent = { atS: at === 0 ? 10 : 11, as: "forwarded" };
      const acceptance = await stage.sessions.accept({ ...stage.message(text), sent });
      expect(acceptance).toMatchObject({ mustWait: false });
      await stage.pass(400);
    }
    expect(stage.agents.started).toEqual([]);
    await stage.pass(600);
    expect(stage.agents.last.sent).toEqual([{ text: "a\n\nb\n\nc", images: [] }]);
  });

  it("and those that wait behind it are turns of their own after a restart, too; pieces stay together", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.say("two");
    for (const text of ["p1", "p2"]) {
      const sent = { atS: 10, as: "album 1" };
      await stage.sessions.accept({ ...stage.message(text), sent });
    }
    await stage.say("three");
    const next = await stage.restarted();
    const [turn] = next.parts.journal.messages.turns;
    await next.sessions.decideInterrupted(turn?.turn ?? 0, "discard");
    for (let round = 0; round < 3; round += 1) {
      await next.settle();
      next.agents.last.endTurn();
    }
    await next.settle();
    expect(next.agents.last.sent.map(({ text }) => text)).toEqual(["two", "p1\n\np2", "three"]);
  });

  it("brings its pictures and names its files", async () => {
    const stage = await Stage.open();
    await stage.create();
    const attachments = [
      { kind: "photo" as const, path: "files/1.jpg", mediaType: "image/jpeg" },
      { kind: "document" as const, path: "files/plan.pdf", mediaType: "application/pdf" },
    ];
    await stage.sessions.accept({
      ...stage.message("look"),
      fetchFiles: async () => ({ attachments, problems: [] }),
    });
    await stage.settle();
    expect(stage.agents.last.sent).toEqual([
      {
        text: "look\n[Attached file: files/1.jpg]\n[Attached file: files/plan.pdf]",
        images: [{ mediaType: "image/jpeg", base64: "image of files/1.jpg" }],
      },
    ]);
  });

  it("goes without a file that could not be taken, and says so; without anything it is no turn", async () => {
    const stage = await Stage.open();
    await stage.create();
    const problems = ["plan.pdf is too big."];
    const fetchFiles = async () => ({ attachments: [], problems });
    const empty = await stage.sessions.accept({ ...stage.message(""), fetchFiles });
    await stage.settle();
    expect(empty).toEqual({ kind: "empty" });
    expect(stage.agents.started).toEqual([]);
    await stage.sessions.accept({ ...stage.message("look"), fetchFiles });
    await stage.settle();
    expect(stage.agents.last.sent).toEqual([{ text: "look\n[plan.pdf is too big.]", images: [] }]);
  });

  it("is not ours while the disk refuses it", async () => {
    const stage = await Stage.open();
    await stage.create();
    stage.storage.break("append", "ENOSPC");
    const message = stage.message("later");
    await expect(stage.sessions.accept(message)).rejects.toThrow("ENOSPC");
    stage.storage.heal();
    expect(await stage.sessions.accept(message)).toMatchObject({ kind: "accepted" });
  });

  it("has nobody to go to in a conversation without a session", async () => {
    const stage = await Stage.open();
    await stage.create("elsewhere", { chatId: 7, topicId: 3 });
    expect(await stage.say("hello")).toBeUndefined();
  });
});

describe("a turn", () => {
  it("whose agent dies fails with one clear message, and the next message resumes", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    stage.agents.last.ready("r1");
    stage.agents.last.exit("crashed", "out of memory", 137);
    await stage.settle();
    expect(stage.chat.answers).toEqual([
      'failed: The agent "demo" ended in the middle of its work (exit code 137). The session goes on with your next message.\n\n```\nout of memory\n```',
    ]);
    expect(session.record()).toMatchObject({ status: "suspended", process: null });
    await stage.say("two");
    expect(stage.agents.last.where.resume).toEqual({ id: "r1" });
    expect(stage.agents.alive).toHaveLength(1);
  });

  it("whose agent cannot be started fails with what is missing, once for all that wait", async () => {
    const stage = await Stage.open();
    await stage.create();
    stage.agents.missingWords = "Install claude.";
    stage.agents.onStart = (agent) => {
      agent.state = "gone";
      setImmediate(() => {
        agent.emit({
          kind: "exit",
          cause: "not_started",
          code: null,
          signal: null,
          detail: "ENOENT",
        });
      });
    };
    await stage.say("one");
    await stage.settle();
    expect(stage.chat.answers).toEqual([
      'failed: The agent "demo" could not be started.\n\nInstall claude.',
    ]);
    expect(stage.agents.started).toHaveLength(1);
  });

  it("that the agent began by itself is shown and answered, too; messages wait for it", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    const agent = stage.agents.last;
    agent.endTurn();
    await stage.settle();
    agent.startByItself();
    agent.say("the build is ready");
    await stage.say("two");
    expect(agent.sent).toHaveLength(1);
    agent.endTurn("the build is ready");
    await stage.settle();
    expect(stage.chat.turns[1]?.face.selfStarted).toBe(true);
    expect(stage.chat.answers).toEqual(["completed: done", "completed: the build is ready"]);
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("that a self-started one overtakes waits, and nothing of it is lost", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    const agent = stage.agents.last;
    agent.endTurn();
    await stage.settle();
    const release = stage.storage.hold();
    const accepted = stage.sessions.accept(stage.message("two"));
    release();
    await accepted;
    agent.startByItself();
    await stage.settle();
    expect(agent.sent).toHaveLength(1);
    agent.endTurn("by itself");
    await stage.settle();
    expect(agent.sent.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("waits with its answer while the disk refuses it", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    stage.chat.trouble = Object.assign(new Error("ENOSPC: full"), { code: "ENOSPC" });
    stage.agents.last.endTurn("kept");
    await stage.settle();
    expect(session.isBusy).toBe(true);
    stage.chat.trouble = undefined;
    await stage.pass(minuteMs);
    expect(stage.chat.answers).toEqual(["completed: kept"]);
    expect(session.isBusy).toBe(false);
  });

  it("without a sound is told with its tool, again after twice the time; not while a person is asked", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    const agent = stage.agents.last;
    agent.emit({ kind: "tool", id: "t", name: "Bash", summary: "npm test" });
    await stage.pass(5 * minuteMs);
    const { id } = stage.sessions.all()[0] ?? {};
    expect(stage.chat.said.at(-1)?.saying).toEqual({
      kind: "stalled",
      sessionId: id,
      session: "work",
      turn: 1,
      silentMs: 5 * minuteMs,
      elapsedMs: 5 * minuteMs,
      tool: "Bash: npm test",
    });
    await stage.pass(4 * minuteMs);
    expect(stage.chat.kinds).toEqual(["stalled"]);
    await stage.pass(minuteMs);
    expect(stage.chat.kinds).toEqual(["stalled", "stalled"]);
    agent.emit({
      kind: "request",
      request: { id: "q", ask: { kind: "permission", tool: "Bash", summary: "rm" } },
    });
    await stage.pass(60 * minuteMs);
    expect(stage.chat.kinds).toEqual(["stalled", "stalled", "request"]);
    expect(stage.chat.over).not.toContainEqual([id, "stalled"]);
    agent.endTurn();
    await stage.settle();
    expect(stage.chat.over).toContainEqual([id, "stalled"]);
    expect(stage.clock.pendingTimers).toBe(1);
  });
});
