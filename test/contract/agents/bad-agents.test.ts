import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealAgents } from "./real-agents.ts";

let agents: RealAgents;
beforeEach(() => {
  agents = new RealAgents();
});
afterEach(async () => {
  await agents.remove();
});

describe("an agent that", () => {
  it("dies at its start says why, without a token", async () => {
    const agent = agents.start("dies-at-start");
    agent.say("hello");
    const exit = await agent.next("exit");
    expect(exit).toMatchObject({ cause: "crashed", code: 1 });
    expect(exit.detail).toBe("error: unknown option '--verbose' (token 123456:<redacted>)");
    expect(agent.kinds()).toEqual(["exit"]);
    expect(agent.process.state).toBe("gone");
    expect(() => {
      agent.say("again");
    }).toThrow("gone");
  });

  it("does not exist ends without a process, after start has returned", async () => {
    const agent = agents.start("no-such-program");
    expect(agent.events).toEqual([]);
    expect(await agent.next("exit")).toMatchObject({ cause: "not_started", code: null });
    expect(agent.process.identity).toBeUndefined();
    expect(await agent.process.stop(1_000)).toEqual({ root: "gone", swept: 0 });
    expect(agent.kinds()).toEqual(["exit"]);
  });

  it("has no folder ends without a process", async () => {
    const agent = agents.start("ignores-sigterm", { folder: join(agents.dir, "nowhere") });
    const exit = await agent.next("exit");
    expect(exit).toMatchObject({ cause: "not_started" });
    expect(exit.detail).toContain("nowhere does not exist");
  });

  it("is given a flag as its model is not started", async () => {
    const agent = agents.start("ignores-sigterm", { model: "--dangerously-skip-permissions" });
    expect(await agent.next("exit")).toMatchObject({ cause: "not_started" });
  });

  it("hangs before its result is interrupted in vain, and stopped", async () => {
    const agent = agents.start("hangs-before-result");
    agent.say("hello");
    await agent.next("resume_id");
    expect(agent.process.state).toBe("busy");
    expect(await agent.process.interrupt(100)).toBe(false);
    expect(agent.process.state).toBe("busy");
    expect(await agent.process.stop(5_000)).toEqual({ root: "ended", swept: 0 });
    expect(agent.events.at(-1)).toMatchObject({ cause: "stopped", signal: "SIGTERM" });
    expect(agents.living()).toEqual([]);
  });

  it("hangs after its result has answered, and is stopped", async () => {
    const agent = agents.start("hangs-after-result");
    agent.say("hello");
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "completed", text: "done" });
    expect(agent.process.state).toBe("idle");
    // Nobody reads it: the pipe breaks, and nothing else.
    agent.say("x".repeat(1024 * 1024));
    expect(await agent.process.interrupt(300)).toBe(false);
    expect(agents.log.lines.join("\n")).toContain("a pipe of the agent broke");
    expect(await agent.process.stop(5_000)).toMatchObject({ root: "ended" });
    expect(agents.living()).toEqual([]);
  });

  it("prints half a line and dies has crashed, once", async () => {
    const agent = agents.start("half-line");
    agent.say("hello");
    expect(await agent.next("exit")).toMatchObject({ cause: "crashed", signal: "SIGKILL" });
    expect(agent.kinds()).toEqual(["ready", "turn_start", "resume_id", "exit"]);
  });

  it("prints a line of 15 MB is understood", async () => {
    const agent = agents.start("long-line");
    agent.say("20");
    const { text } = await agent.next("text");
    expect(text).toBe("€".repeat(5 * 1024 * 1024));
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "completed" });
  });

  it("ignores SIGTERM is killed after its grace", async () => {
    const agent = agents.start("ignores-sigterm");
    await agent.next("ready");
    const startedMs = performance.now();
    expect(await agent.process.stop(300)).toEqual({ root: "killed", swept: 0 });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(290);
    expect(agent.events.at(-1)).toMatchObject({ cause: "stopped", signal: "SIGKILL" });
    expect(agents.living()).toEqual([]);
  });

  it("ignores SIGTERM is killed earlier when patience runs out", async () => {
    const agent = agents.start("ignores-sigterm");
    await agent.next("ready");
    const startedMs = performance.now();
    const reports = await Promise.all([agent.process.stop(60_000), agent.process.stop(100)]);
    expect(reports.map(({ root }) => root)).toEqual(["killed", "killed"]);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(agent.kinds().filter((kind) => kind === "exit")).toHaveLength(1);
  });

  it("has tools in sessions of their own takes them along", async () => {
    const agent = agents.start("leaves-tools");
    agent.say("hello");
    await agent.next("turn_end");
    await agents.alive(3);
    expect(await agent.process.stop(2_000)).toEqual({ root: "ended", swept: 2 });
    expect(agents.living()).toEqual([]);
    expect(agent.kinds().at(-1)).toBe("exit");
  });

  it("ends by itself and leaves tools is told as ended when they are gone", async () => {
    const agent = agents.start("leaves-tools");
    agent.say("and end");
    expect(await agent.next("exit")).toMatchObject({ cause: "ended", code: 0 });
    expect(agents.living()).toEqual([]);
    expect(await agent.process.stop(1_000)).toEqual({ root: "gone", swept: 2 });
  });

  it("has tools leaves another session's alone", async () => {
    const [one, other] = [agents.start("leaves-tools"), agents.start("leaves-tools")];
    for (const agent of [one, other]) agent.say("hello");
    await Promise.all([one.next("turn_end"), other.next("turn_end")]);
    await one.process.stop(2_000);
    await agents.alive(3);
    expect(other.process.state).toBe("idle");
  });

  it("cannot resume says so and is ended, and the message is not answered", async () => {
    const agent = agents.start("refuses-resume", { resume: { id: "gone-1" } });
    agent.say("hello");
    expect(await agent.next("exit")).toMatchObject({
      cause: "resume_failed",
      detail: "No conversation found with session ID: gone-1",
    });
    expect(agent.kinds()).not.toContain("turn_end");
    expect(agents.living()).toEqual([]);
  });
});

describe("an agent of an old version", () => {
  it("aborts without an error, and tells costs as a total", async () => {
    const agent = agents.start("speaks-old");
    agent.say("one");
    expect(await agent.next("turn_end")).toMatchObject({ text: "heard one", costUsd: 0.25 });
    agent.say("hang");
    expect(await agent.process.interrupt(5_000)).toBe(true);
    expect(await agent.next("turn_end")).toMatchObject({ outcome: "aborted", text: "" });
    agent.say("two");
    expect(await agent.next("turn_end")).toMatchObject({ text: "heard two", costUsd: 0.25 });
  });

  it("tells background work in pairs", async () => {
    const agent = agents.start("speaks-old");
    agent.say("background");
    expect(await agent.next("background")).toMatchObject({ tasks: ["builds"] });
    await agent.next("turn_end");
    expect(agent.process.backgroundTasks).toBe(1);
    agent.say("over");
    expect(await agent.next("background")).toMatchObject({ tasks: [] });
    expect(agent.process.backgroundTasks).toBe(0);
  });
});

describe("the environment of an agent", () => {
  it("is what it needs, and the mark", async () => {
    const agent = agents.start("ignores-sigterm", {}, { MINE: "m" });
    await agent.next("ready");
    const { identity } = agent.process;
    if (identity === undefined) throw new Error("must live");
    const names = readFileSync(`/proc/${identity.pid}/environ`, "utf8")
      .split("\0")
      .map((entry) => entry.split("=")[0] ?? "")
      .filter((name) => name !== "");
    expect(names.toSorted()).toEqual([
      "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
      "CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS",
      "DISABLE_AUTOUPDATER",
      "HOME",
      "MINE",
      "PATH",
      "TG_SUPERVISOR_MARK",
    ]);
  });
});
