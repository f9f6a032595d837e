import { describe, expect, it } from "vitest";
import type { TurnResult } from "../../../../../bots/main/agents/stream-json/decoding/line.ts";
import { Turn } from "../../../../../bots/main/agents/stream-json/turn.ts";

const result = (facts: Partial<TurnResult> = {}): TurnResult => ({
  verdict: "success",
  text: "done",
  turns: 1,
  queuedTurns: 0,
  turnCostUsd: undefined,
  totalCostUsd: undefined,
  usage: undefined,
  ...facts,
});

const told = (events: readonly { readonly kind: string }[]): unknown =>
  events.map((event) =>
    "outcome" in event
      ? `${event.kind} ${String(event.outcome)}`
      : "selfStarted" in event
        ? `${event.kind} ${event.selfStarted === true ? "self" : "ours"}`
        : event.kind,
  );

describe("a turn", () => {
  it("is busy from our message to its result", () => {
    const turn = new Turn();
    expect(told(turn.written())).toEqual(["turn_start ours"]);
    expect(turn.isIdle).toBe(false);
    expect(turn.heard(true)).toEqual([]);
    expect(turn.heard(false)).toEqual([]);
    expect(turn.ended(result())).toMatchObject([
      { kind: "turn_end", outcome: "completed", text: "done" },
    ]);
    expect(turn.isIdle).toBe(true);
  });

  it("begins by itself when background work ended", () => {
    const turn = new Turn();
    expect(told(turn.heard(true))).toEqual(["turn_start self"]);
    expect(told(turn.ended(result()))).toEqual(["turn_end completed"]);
  });

  it("that began by itself and has no result ends when the agent says that it is idle", () => {
    const turn = new Turn();
    turn.heard(true);
    expect(told(turn.sessionIdle())).toEqual(["turn_end completed"]);
    expect(turn.isIdle).toBe(true);
  });

  it("of ours is not ended by an idle that was meant for the one before", () => {
    const turn = new Turn();
    turn.written();
    expect(turn.sessionIdle()).toEqual([]);
    expect(turn.isIdle).toBe(false);
  });

  it("goes on where a result came before its beginning, and takes its cost along", () => {
    const turn = new Turn();
    turn.written();
    expect(turn.ended(result({ text: "of another", turnCostUsd: 0.5 }))).toEqual([]);
    expect(turn.isHeld).toBe(true);
    expect(turn.heard(true)).toEqual([]);
    expect(turn.release()).toEqual([]);
    expect(turn.ended(result({ turnCostUsd: 0.25 }))).toMatchObject([
      { text: "done", costUsd: 0.75 },
    ]);
  });

  it.each([
    ["nothing follows it", (turn: Turn) => turn.release()],
    ["the agent is idle", (turn: Turn) => turn.sessionIdle()],
  ])("ends with a result that came without a beginning when %s", (_, end) => {
    const turn = new Turn();
    turn.written();
    turn.ended(result());
    expect(told(end(turn))).toEqual(["turn_end completed"]);
    expect(turn.isIdle).toBe(true);
    expect(turn.release()).toEqual([]);
  });

  it("goes on while the agent has turns queued", () => {
    const turn = new Turn();
    turn.written();
    turn.heard(true);
    expect(turn.ended(result({ queuedTurns: 1 }))).toEqual([]);
    turn.heard(true);
    expect(told(turn.ended(result()))).toEqual(["turn_end completed"]);
  });

  it.each([
    ["error", true, "aborted", ""],
    ["error", false, "failed", "done"],
    ["refused", true, "failed", "done"],
    ["refused", false, "failed", "done"],
    ["success", true, "completed", "done"],
  ] as const)("with the verdict %s, interrupted: %s, is %s", (verdict, stopped, outcome, text) => {
    const turn = new Turn();
    turn.written();
    turn.heard(true);
    if (stopped) turn.interrupted();
    expect(turn.ended(result({ verdict }))).toMatchObject([{ outcome, text }]);
  });

  it("is not called aborted for the interrupt of the one before", () => {
    const turn = new Turn();
    turn.written();
    turn.heard(true);
    turn.interrupted();
    turn.ended(result({ verdict: "error" }));
    turn.written();
    turn.heard(true);
    expect(turn.ended(result({ verdict: "error" }))).toMatchObject([{ outcome: "failed" }]);
  });

  it("that was interrupted before it began ends at once", () => {
    const turn = new Turn();
    turn.written();
    turn.interrupted();
    expect(told(turn.ended(result({ verdict: "error" })))).toEqual(["turn_end aborted"]);
  });

  it("that was interrupted is over: what it still prints begins none and is not shown", () => {
    const turn = new Turn();
    turn.written();
    turn.heard(true);
    turn.interrupted();
    turn.ended(result({ verdict: "error" }));
    expect(turn.heard(false)).toEqual([]);
    expect(turn.ended(result({ verdict: "error" }))).toEqual([]);
    expect(turn.isIdle).toBe(true);
    turn.written();
    expect(turn.heard(false)).toEqual([]);
    expect(turn.isLate).toBe(true);
    turn.heard(true);
    expect(turn.isLate).toBe(false);
    expect(told(turn.ended(result()))).toEqual(["turn_end completed"]);
  });

  it("begins by itself after an interrupt, too, when it says so", () => {
    const turn = new Turn();
    turn.written();
    turn.interrupted();
    turn.ended(result({ verdict: "error" }));
    expect(told(turn.heard(true))).toEqual(["turn_start self"]);
    expect(turn.isLate).toBe(false);
  });

  it("that nobody announced is told from its beginning to its end", () => {
    const turn = new Turn();
    expect(told(turn.ended(result()))).toEqual(["turn_start self", "turn_end completed"]);
  });
});
