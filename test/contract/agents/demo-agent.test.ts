import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealAgents } from "./real-agents.ts";

let agents: RealAgents;
beforeEach(() => {
  agents = new RealAgents();
});
afterEach(async () => {
  await agents.remove();
});

describe("the demo agent", () => {
  it("streams its answer, and tells what it cost", async () => {
    const agent = agents.start("demo");
    agent.say("good morning");
    const end = await agent.next("turn_end");
    expect(end).toMatchObject({ outcome: "completed", costUsd: 0.01 });
    expect(end.text).toMatch(
      /^turn 1: you said "good morning"\.\n\nHello! I am the \*\*demo agent/,
    );
    const streamed = agent.events.map((event) => (event.kind === "partial" ? event.text : ""));
    expect(streamed.join("")).toBe(end.text);
    expect(streamed.filter((text) => text !== "").length).toBeGreaterThan(20);
    expect(agent.kinds().slice(0, 3)).toEqual(["ready", "turn_start", "resume_id"]);
    expect(agent.kinds().slice(-2)).toEqual(["text", "turn_end"]);
    expect(agent.process.lastHeardMs).toBeGreaterThan(0);
  });

  it.each(["by its id", "as the latest"])("goes on with its conversation %s", async (how) => {
    const place = agents.place();
    const first = agents.start("demo", place);
    first.say("one");
    const { resumeId } = await first.next("resume_id");
    await first.next("turn_end");
    await first.process.stop(5_000);
    const resume = how === "by its id" ? { id: resumeId } : "latest";
    const second = agents.start("demo", { ...place, resume });
    second.say("two");
    expect(await second.next("resume_id")).toMatchObject({ resumeId });
    expect((await second.next("turn_end")).text).toMatch(/turn 2: .*it began with "one"/s);
  });

  it("does not go on with a conversation that is not there", async () => {
    const agent = agents.start("demo", { resume: { id: "../../no-such" } });
    agent.say("hello");
    expect(await agent.next("exit")).toMatchObject({
      cause: "resume_failed",
      detail: "No conversation found with session ID: ../../no-such",
    });
  });

  it("has persona and model", async () => {
    const agent = agents.start("demo", { model: "demo-large", systemPrompt: "You are a pirate." });
    agent.say("who");
    expect((await agent.next("turn_end")).text).toMatch(
      /Model demo-large, .*\nPersona: You are a pirate\./,
    );
  });

  it.each([
    ["allow", { kind: "allow" }, "You allowed it."],
    ["deny", { kind: "deny", message: "not today" }, "You said no: not today"],
  ] as const)("asks for a permission and hears %s", async (_, reply, words) => {
    const agent = agents.start("demo");
    agent.say("ask");
    const { request } = await agent.next("request");
    expect(request.ask).toEqual({
      kind: "permission",
      tool: "Bash",
      summary: "command: rm -r demo-folder\ndescription: remove the demo's folder",
    });
    expect(agent.process.state).toBe("busy");
    expect(agent.process.answer(request.id, reply)).toBe(true);
    expect(agent.process.answer(request.id, reply)).toBe(false);
    expect((await agent.next("turn_end")).text).toContain(words);
  });

  it("asks a question and hears the answer", async () => {
    const agent = agents.start("demo");
    agent.say("question");
    const { request } = await agent.next("request");
    if (request.ask.kind !== "question") throw new Error("must be a question");
    const question = request.ask.questions[0]?.question ?? "";
    agent.process.answer(request.id, { kind: "answers", answers: { [question]: "Blue" } });
    expect((await agent.next("turn_end")).text).toBe("You chose Blue.");
  });

  it("withdraws its request when it is interrupted", async () => {
    const agent = agents.start("demo");
    agent.say("plan");
    const { request } = await agent.next("request");
    expect(request.ask).toMatchObject({ kind: "permission", tool: "ExitPlanMode" });
    expect(await agent.process.interrupt(5_000)).toBe(true);
    expect(await agent.next("request_withdrawn")).toMatchObject({ id: request.id });
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "aborted" });
    expect(agent.process.answer(request.id, { kind: "allow" })).toBe(false);
  });

  it.each(["hang", "slow 60", "tool 60"])("is interrupted in `%s` and works on", async (text) => {
    const agent = agents.start("demo");
    agent.say(text);
    await agent.next(text.startsWith("tool") ? "tool" : "resume_id");
    expect(await agent.process.interrupt(5_000)).toBe(true);
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "aborted", text: "" });
    await agents.alive(1);
    agent.say("hello");
    expect((await agent.next("turn_end")).text).toMatch(/^turn 2/);
  });

  it("is not interrupted where it ignores it", async () => {
    const agent = agents.start("demo");
    agent.say("ignore-interrupt");
    await agent.next("resume_id");
    expect(await agent.process.interrupt(300)).toBe(false);
    expect(await agent.process.stop(5_000)).toMatchObject({ root: "ended" });
  });

  it("takes back its first message where it is interrupted before it is ready", async () => {
    const agent = agents.start("demo", {}, { DEMO_AGENT_START_MS: "500" });
    agent.say("hello");
    expect(agent.process.state).toBe("busy");
    expect(await agent.process.interrupt(1_000)).toBe(true);
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "aborted" });
    await agent.next("ready");
    agent.say("hello");
    expect((await agent.next("turn_end")).text).toMatch(/^turn 1/);
  });

  it("works in the background, then speaks up by itself", async () => {
    const agent = agents.start("demo");
    agent.say("background 1");
    expect(await agent.next("background")).toMatchObject({ tasks: ["a long calculation"] });
    await agent.next("turn_end");
    expect(agent.process.state).toBe("idle");
    expect(agent.process.backgroundTasks).toBe(1);
    expect(await agent.next("background")).toMatchObject({ tasks: [] });
    expect(await agent.next("turn_start")).toMatchObject({ selfStarted: true });
    expect((await agent.next("turn_end")).text).toContain("background work is done");
    expect(agent.process.backgroundTasks).toBe(0);
  });

  it("fails as an overloaded model does, with words to show, and works on", async () => {
    const agent = agents.start("demo");
    agent.say("api-error");
    expect(await agent.next("retrying")).toMatchObject({ attempt: 1, error: "overloaded (529)" });
    const end = await agent.next("turn_end");
    expect(end.outcome).toBe("failed");
    expect(end.text).toMatch(/^API Error: 529 Overloaded/);
    expect(agent.kinds()).not.toContain("text");
    agent.say("hello");
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "completed" });
  });

  it.each([
    ["die", { cause: "crashed", signal: "SIGKILL" }],
    ["half-line", { cause: "crashed", signal: "SIGKILL" }],
    ["exit 3", { cause: "crashed", code: 3, detail: "The demo agent was told to exit with 3." }],
  ])("dies of `%s`", async (text, exit) => {
    const agent = agents.start("demo");
    agent.say(text);
    expect(await agent.next("exit")).toMatchObject(exit);
    expect(agent.kinds()).not.toContain("turn_end");
  });

  it("dies at its start where it is told so", async () => {
    const agent = agents.start("demo", {}, { DEMO_AGENT_EXIT_AT_START: "1" });
    expect(await agent.next("exit")).toMatchObject({
      cause: "crashed",
      detail: "error: the demo agent was told to exit at its start",
    });
  });

  it.each([
    ["big 5", "text"],
    ["garbage", "text"],
  ] as const)("is understood in `%s`", async (text, kind) => {
    const agent = agents.start("demo");
    agent.say(text);
    await agent.next(kind);
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "completed" });
  });

  it("leaves nobody behind, whatever it forked and ignores", async () => {
    const agent = agents.start("demo");
    for (const text of ["fork", "background 60", "stubborn"]) {
      agent.say(text);
      await agent.next("turn_end");
    }
    await agents.alive(3);
    expect(await agent.process.stop(300)).toMatchObject({ root: "killed" });
    expect(agents.living()).toEqual([]);
    expect(agent.events.slice(-2)).toMatchObject([
      { kind: "background", tasks: [] },
      { kind: "exit" },
    ]);
  });
});

describe("many agents", () => {
  it("start a few at a time, and a stop takes one from the queue", async () => {
    const driver = agents.driver("demo", { DEMO_AGENT_START_MS: "300" });
    const many = Array.from({ length: 8 }, () => agents.follow(driver.start(agents.place())));
    const started = many.filter(({ process }) => process.identity !== undefined);
    expect(started.length).toBeGreaterThan(0);
    expect(started.length).toBeLessThan(8);
    const last = many.at(-1);
    expect(await last?.process.stop(1_000)).toEqual({ root: "gone", swept: 0 });
    expect(last?.events).toMatchObject([{ kind: "exit", cause: "stopped" }]);
    for (const agent of many.slice(0, -1)) {
      agent.say("who");
      expect(await agent.next("turn_end")).toMatchObject({ outcome: "completed" });
      expect(agent.process.identity).toBeDefined();
    }
  });
});
