import { describe, expect, it } from "vitest";
import { waitUntilGone } from "../../../shared/lifecycle/wait-until-gone.ts";
import { identifySelf, type Judgement } from "../../../shared/process/identity.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const self = identifySelf();

describe("waiting for the end of a process", () => {
  it.each<[string, (elapsedMs: number) => Judgement, string, number]>([
    ["that is gone already", () => "dead", "gone", 0],
    ["that goes soon, looking often", (ms) => (ms < 95 ? "alive" : "dead"), "gone", 100],
    ["that goes late, looking seldom", (ms) => (ms < 5_015 ? "alive" : "dead"), "gone", 5_100],
    ["that stays, for 20 s", () => "alive", "still_there", 20_000],
    ["that cannot be seen, not at all", () => "unknown", "unseen", 0],
  ])("%s", async (_what, judgeAfter, expected, elapsedMs) => {
    const clock = new ManualClock();
    const judge = (): Judgement => judgeAfter(clock.monotonic());
    let endedAtMs = -1;
    const waited = waitUntilGone(self, { clock, judge }).finally(() => {
      endedAtMs = clock.monotonic();
    });
    await clock.advance(30_000);
    expect(await waited).toBe(expected);
    expect(endedAtMs).toBe(elapsedMs);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends with its signal", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const waited = waitUntilGone(self, { clock, judge: () => "alive", signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waited).rejects.toThrow("enough");
    expect(clock.pendingTimers).toBe(0);
  });
});
