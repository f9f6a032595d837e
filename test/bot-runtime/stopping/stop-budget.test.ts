import { describe, expect, it } from "vitest";
import { StopBudget, type StopStage } from "../../../shared/bot-runtime/stopping/stop-budget.ts";
import { StopSwitch } from "../../../shared/stop-switch.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function budgetOf(stopDeadlineMs: number) {
  const clock = new ManualClock();
  const stop = new StopSwitch(clock);
  const overs: { readonly atMs: number; readonly limitMs: number }[] = [];
  const onOver = (limitMs: number): void => {
    overs.push({ atMs: clock.monotonic(), limitMs });
  };
  return { clock, stop, overs, budget: new StopBudget({ stop, stopDeadlineMs, clock, onOver }) };
}

type Step = "stop" | "orphaned" | number;

describe("an ordered stop is over", () => {
  it.each<[string, number, Step[], number]>([
    ["after its deadline", 15_000, ["stop"], 15_000],
    ["after 4.5 s where the supervisor is lost", 15_000, ["orphaned", "stop"], 4_500],
    ["no later than its own deadline all the same", 2_000, ["orphaned", "stop"], 2_000],
    ["4.5 s after the loss where a signal came first", 15_000, ["stop", 5, "orphaned"], 4_505],
    ["4.5 s after a loss in the middle of it", 15_000, ["stop", 6_000, "orphaned"], 10_500],
    ["at its deadline after a late loss", 15_000, ["stop", 14_000, "orphaned"], 15_000],
  ])("%s", async (_, deadlineMs, steps, limitMs) => {
    const { clock, stop, overs, budget } = budgetOf(deadlineMs);
    for (const step of steps) {
      if (typeof step === "number") await clock.advance(step);
      else if (step === "stop") stop.pull("sigterm");
      else budget.orphaned();
    }
    await clock.advance(60_000);
    expect(overs).toEqual([{ atMs: limitMs, limitMs }]);
  });

  it("never, before it has begun, and not after its end", async () => {
    const { clock, stop, overs, budget } = budgetOf(5_000);
    budget.orphaned();
    await clock.advance(60_000);
    stop.pull("sigterm");
    budget.close();
    await clock.advance(60_000);
    expect(overs).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("what a stage gets", () => {
  const both = ["lanes", "outbox"] as const;
  const all = ["lanes", "drain", "outbox"] as const;
  it.each<[string, number, boolean, number, readonly [StopStage, ...StopStage[]], number]>([
    ["main, in time", 15_000, false, 0, all, 3_000],
    ["main's agents", 15_000, false, 3_000, ["drain", "outbox"], 6_000],
    ["main, its last stage", 15_000, false, 9_000, ["outbox"], 3_000],
    ["main, after a slow intake", 15_000, false, 12_000, ["outbox"], 2_000],
    ["an auxiliary bot", 5_000, false, 0, both, 1_666],
    ["an auxiliary bot with processes", 5_000, false, 0, all, 1_000],
    ["an orphan", 15_000, true, 0, both, 1_500],
    ["an orphan with agents", 15_000, true, 0, all, 900],
    ["an orphan's agents", 15_000, true, 0, ["drain", "outbox"], 2_000],
    ["an orphan's agents, after slow lanes", 15_000, true, 900, ["drain", "outbox"], 1_800],
    ["an orphan after a slow intake", 15_000, true, 2_600, both, 500],
    ["nobody, when nothing is left", 15_000, true, 4_400, ["outbox"], 0],
  ])("%s", async (_, deadlineMs, isOrphan, usedMs, stages, stageMs) => {
    const { clock, stop, budget } = budgetOf(deadlineMs);
    if (isOrphan) budget.orphaned();
    stop.pull("sigterm");
    await clock.advance(usedMs);
    expect(budget.stageMs(stages)).toBeCloseTo(stageMs);
  });

  it("leaves time for the files, even if the loss comes while the lanes use theirs", async () => {
    const { clock, stop, budget } = budgetOf(15_000);
    stop.pull("sigterm");
    const lanesMs = budget.stageMs(both);
    await clock.advance(5);
    budget.orphaned();
    await clock.advance(lanesMs - 5);
    expect(lanesMs + budget.stageMs(["outbox"])).toBeLessThan(4_505 - 800);
  });
});
