import { describe, expect, it } from "vitest";
import { PacedBudget } from "../../../shared/outbound/pacing/send-budget.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** Everybody wants at once; the instants at which they got it. */
function rush(clock: ManualClock, budget: PacedBudget, count: number): number[] {
  const got: number[] = [];
  for (let number = 0; number < count; number += 1) {
    void budget.acquire(1, new AbortController().signal).then(() => got.push(clock.monotonic()));
  }
  return got;
}

function mostInASecond(got: readonly number[]): number {
  return Math.max(
    0,
    ...got.map((from) => got.filter((at) => at >= from && at < from + 1_000).length),
  );
}

describe("the budget of a token", () => {
  it.each([30, 15, 10, 7.5, 3, 1, 0.5])(
    "%d a second: no second sees more, and most of it is used",
    async (perSecond) => {
      const clock = new ManualClock();
      const got = rush(clock, new PacedBudget(clock, perSecond), 1_000);
      await clock.advance(30_000);
      expect(mostInASecond(got)).toBeLessThanOrEqual(Math.max(1, perSecond));
      expect(got.length).toBeGreaterThanOrEqual(Math.floor(perSecond * 30 * 0.5));
    },
  );

  it("is given in the order in which it was asked for", async () => {
    const clock = new ManualClock();
    const budget = new PacedBudget(clock, 2);
    const order: string[] = [];
    for (const name of ["a", "b", "c"]) {
      void budget.acquire(1, new AbortController().signal).then(() => order.push(name));
    }
    await clock.advance(5_000);
    expect(order).toEqual(["a", "b", "c"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("who gives up waiting leaves no gap and no timer", async () => {
    const clock = new ManualClock();
    const budget = new PacedBudget(clock, 1);
    await budget.acquire(1, new AbortController().signal);
    const impatient = new AbortController();
    const given = budget.acquire(1, impatient.signal);
    impatient.abort(new Error("no time"));
    await expect(given).rejects.toThrow("no time");
    await expect(budget.acquire(1, impatient.signal)).rejects.toThrow("no time");
    expect(clock.pendingTimers).toBe(0);
  });

  it("a new share counts at once, also for those who wait; 0 stops everybody", async () => {
    const clock = new ManualClock();
    const budget = new PacedBudget(clock, 0);
    const got = rush(clock, budget, 100);
    await clock.advance(60_000);
    expect(got).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    budget.setShare(30);
    await clock.advance(1_000);
    expect(got.length).toBeGreaterThan(25);
    budget.setShare(0);
    await clock.advance(10_000);
    expect(got.length).toBeLessThanOrEqual(30);
  });

  it("tells what would be used: what went lately and what waits", async () => {
    const clock = new ManualClock();
    const budget = new PacedBudget(clock, 10);
    expect(budget.demandPerSecond).toBe(0);
    rush(clock, budget, 60);
    await clock.advance(1);
    expect(budget.demandPerSecond).toBeGreaterThan(10);
    await clock.advance(60_000);
    expect(budget.demandPerSecond).toBe(0);
  });
});
