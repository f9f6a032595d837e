import { describe, expect, it } from "vitest";
import { PollingAssignment } from "../../shared/bot-runtime/receiving/polling-assignment.ts";

describe("what a supervisor says about polling", () => {
  const never = new AbortController().signal;

  it("ends a turn when polling shall be given back, and begins one when it shall be taken", async () => {
    const assignment = new PollingAssignment();
    const turn = assignment.yielded;
    expect(turn.aborted).toBe(false);
    assignment.set(false);
    expect(turn.aborted).toBe(true);
    const taken = assignment.taken(never);
    assignment.set(true);
    await taken;
    expect(assignment.yielded.aborted).toBe(false);
  });

  it("may be said twice", async () => {
    const assignment = new PollingAssignment();
    assignment.set(false);
    const taken = assignment.taken(never);
    assignment.set(false);
    assignment.set(true);
    await taken;
    expect(assignment.yielded.aborted).toBe(false);
  });

  it("does not keep a bot that stops", async () => {
    const stop = new AbortController();
    const taken = new PollingAssignment().taken(stop.signal);
    stop.abort(new Error("stopping"));
    await expect(taken).rejects.toThrow("stopping");
  });
});
