import { describe, expect, it } from "vitest";
import { PollingAssignment } from "../../shared/bot-runtime/receiving/polling-assignment.ts";

/** Lets what was told arrive at whoever waits. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const noNews = async (): Promise<void> => undefined;

describe("what a supervisor says about polling", () => {
  const never = new AbortController().signal;

  it("ends a turn when polling shall be given back, and begins one when it shall be taken", async () => {
    const assignment = new PollingAssignment();
    const turn = assignment.turn(never);
    assignment.set(false);
    await settle();
    expect(turn.aborted).toBe(true);
    expect(assignment.turn(never).aborted).toBe(true);
    assignment.set(true);
    await assignment.taken(never, noNews);
    expect(assignment.turn(never).aborted).toBe(false);
  });

  it("reaches a bot that waited before it was told to give back what it never had", async () => {
    const assignment = new PollingAssignment();
    const taken = assignment.taken(never, noNews);
    assignment.set(false);
    await settle();
    assignment.set(false);
    assignment.set(true);
    await taken;
    expect(assignment.yielded).toBe(false);
  });

  it("does not end a turn that is to go on", async () => {
    const assignment = new PollingAssignment();
    const turn = assignment.turn(never);
    assignment.set(true);
    await settle();
    expect(turn.aborted).toBe(false);
    assignment.set(false);
    await settle();
    expect(turn.aborted).toBe(true);
  });

  it("lets a waiting bot say anew who holds the lock when it has moved", async () => {
    const assignment = new PollingAssignment();
    let looks = 0;
    const taken = assignment.taken(never, async () => {
      looks += 1;
    });
    assignment.lockMoved();
    await settle();
    expect(looks).toBe(1);
    assignment.set(true);
    await taken;
    expect(looks).toBe(1);
  });

  it("does not keep a bot that stops", async () => {
    const stop = new AbortController();
    const assignment = new PollingAssignment();
    const taken = assignment.taken(stop.signal, noNews);
    const turn = assignment.turn(stop.signal);
    stop.abort(new Error("stopping"));
    await expect(taken).rejects.toThrow("stopping");
    expect(turn.aborted).toBe(true);
  });
});
