import { describe, expect, it } from "vitest";
import { stopBudgets } from "../../../shared/bot-runtime/stopping/stop-budgets.ts";
import type { StopCause } from "../../../shared/stop-switch.ts";

describe("the budgets of an ordered stop", () => {
  it.each([
    ["main", 15_000, "sigterm", true, [3_000, 6_000, 3_000]],
    ["main without a supervisor", 15_000, "supervisor_lost", true, [900, 2_000, 900]],
    ["an auxiliary bot", 5_000, "sigterm", false, [1_667, 0, 1_667]],
    ["an auxiliary bot with a drain", 5_000, "closed", true, [1_000, 2_222, 1_000]],
    ["an auxiliary bot without a supervisor", 5_000, "supervisor_lost", false, [1_500, 0, 1_500]],
    ["a bot in a hurry", 900, "supervisor_lost", true, [180, 400, 180]],
    ["a bot with all the time", 60_000, "sigterm", true, [3_000, 6_000, 3_000]],
  ] as [string, number, StopCause, boolean, number[]][])(
    "of %s",
    (_, deadlineMs, cause, drains, expected) => {
      const { lanesMs, drainMs, outboxMs } = stopBudgets(deadlineMs, cause, drains);
      expect([lanesMs, drainMs, outboxMs].map(Math.round)).toEqual(expected);
      expect(lanesMs + drainMs + outboxMs).toBeLessThan(deadlineMs);
    },
  );
});
