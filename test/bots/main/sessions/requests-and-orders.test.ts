import { describe, expect, it } from "vitest";
import { home, Stage } from "./stage/stage.ts";

async function asked() {
  const stage = await Stage.open();
  await stage.create();
  await stage.say("one");
  const agent = stage.agents.last;
  agent.emit({
    kind: "request",
    request: { id: "q", ask: { kind: "permission", tool: "Bash", summary: "rm" } },
  });
  await stage.settle();
  const saying = stage.chat.said.at(-1)?.saying;
  if (saying?.kind !== "request") throw new Error("nothing was asked");
  return { stage, agent, request: saying.request };
}

describe("what an agent asks", () => {
  it("is answered once; a second press shows how it stands", async () => {
    const { stage, agent, request } = await asked();
    expect(stage.sessions.answer(request, { kind: "allow" })).toBe("allowed");
    expect(stage.sessions.answer(request, { kind: "deny", message: "no" })).toBe("allowed");
    expect(agent.replies).toEqual([["q", { kind: "allow" }]]);
  });

  it("is withdrawn with its turn", async () => {
    const { stage, agent, request } = await asked();
    agent.endTurn();
    await stage.settle();
    expect(stage.chat.settledRequests).toEqual([[request, "withdrawn"]]);
    expect(stage.sessions.answer(request, { kind: "allow" })).toBe("withdrawn");
  });

  it("is asked as soon as a disk that refused takes it", async () => {
    const { stage, agent } = await asked();
    stage.chat.trouble = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    const ask = { kind: "permission" as const, tool: "Bash", summary: "later" };
    agent.emit({ kind: "request", request: { id: "later", ask } });
    await stage.settle();
    stage.chat.trouble = undefined;
    await stage.pass(60_000);
    expect(stage.chat.said.at(-1)?.saying).toMatchObject({ kind: "request", ask });
  });

  it("has expired after a restart", async () => {
    const { stage, request } = await asked();
    const next = await stage.restarted();
    expect(next.chat.settledRequests).toEqual([[request, "expired"]]);
    expect(next.sessions.answer(request, { kind: "allow" })).toBe("expired");
    expect(next.sessions.answer("unknown", { kind: "allow" })).toBe("expired");
  });
});

describe("what an agent asks in a turn that is stopped", () => {
  it("is denied when it comes late", async () => {
    const { stage, agent } = await asked();
    await stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());
    const ask = { kind: "permission" as const, tool: "Bash", summary: "late" };
    agent.emit({ kind: "request", request: { id: "late", ask } });
    expect(agent.replies.at(-1)).toMatchObject(["late", { kind: "deny" }]);
    expect(stage.chat.kinds.filter((kind) => kind === "request")).toHaveLength(1);
  });

  it("is denied, also where background work had asked and no turn ran", async () => {
    const { stage, agent, request } = await asked();
    agent.setBackground(["build"]);
    agent.endTurn();
    const ask = { kind: "permission" as const, tool: "Bash", summary: "later" };
    agent.emit({ kind: "request", request: { id: "later", ask } });
    await stage.settle();
    expect(stage.chat.settledRequests).toEqual([[request, "withdrawn"]]);
    await stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());
    expect(agent.replies).toEqual([["later", expect.objectContaining({ kind: "deny" })]]);
    expect(stage.chat.settledRequests.at(-1)?.[1]).toBe("withdrawn");
    expect(stage.agents.alive).toEqual([agent]);
  });

  it("is asked when it is background work that goes on", async () => {
    const { stage, agent } = await asked();
    agent.setBackground(["build"]);
    await stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());
    const ask = { kind: "permission" as const, tool: "Bash", summary: "later" };
    agent.emit({ kind: "request", request: { id: "later", ask } });
    await stage.settle();
    expect(stage.chat.kinds.filter((kind) => kind === "request")).toHaveLength(2);
  });
});

describe("a model", () => {
  it("counts from the next turn on, in a new process with the same history", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    stage.agents.last.ready("r1");
    expect(session.setModel("opus")).toBe("after_turn");
    await stage.say("two");
    stage.agents.last.endTurn();
    await stage.settle();
    expect(stage.agents.started).toHaveLength(2);
    expect(stage.agents.last.profile.model).toBe("opus");
    expect(stage.agents.last.where.resume).toEqual({ id: "r1" });
    expect(stage.agents.last.sent.map(({ text }) => text)).toEqual(["two"]);
    stage.agents.last.endTurn();
    await stage.settle();
    expect(session.setModel(null)).toBe("now");
    await stage.settle();
    expect(stage.agents.alive).toEqual([]);
    expect(stage.clock.pendingTimers).toBe(0);
  });
});

describe("an archived session", () => {
  it("ends what it does, tells what it cancels, and leaves its conversation without one", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    await stage.say("two");
    const stop = await stage.sessions.archive(session);
    await stage.settle();
    expect(stop.cancelled.map(({ text }) => text)).toEqual(["two"]);
    expect(stage.chat.answers).toEqual(["aborted: "]);
    expect(stage.agents.alive).toEqual([]);
    expect(stage.files.records.get(session.id)).toMatchObject({
      status: "archived",
      process: null,
    });
    expect(stage.sessions.active(home)).toBeUndefined();
    expect(stage.clock.pendingTimers).toBe(0);
    expect((await stage.create()).id).not.toBe(session.id);
  });

  it.each(["in the life of its archiving", "by a start after it"])(
    "leaves no interrupted turn behind: settled %s, and told no second time",
    async (when) => {
      const stage = await Stage.open();
      await stage.create();
      await stage.say("one");
      const next = await stage.restarted();
      const [session] = next.sessions.all();
      if (session === undefined) throw new Error("no session");
      if (when === "by a start after it")
        next.parts.store.change(session.id, { status: "archived" });
      else await next.sessions.archive(session);
      await next.settle();
      next.chat.forgetKeys();
      const last = await next.restarted();
      expect(last.chat.kinds).toEqual(["interrupted"]);
      expect(last.parts.journal.messages.turns).toEqual([]);
      expect(last.parts.journal.messages.sessionIds.size).toBe(0);
    },
  );

  it("tells that a turn was aborted whose archiving was cut short", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("one");
    stage.parts.store.change(session.id, { status: "archived" });
    await stage.settle();
    const next = await stage.restarted();
    expect(next.chat.answers).toEqual(["aborted: "]);
    expect(next.chat.kinds).toEqual([]);
    expect(next.parts.journal.messages.turns).toEqual([]);
  });
});
