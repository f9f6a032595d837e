import { describe, expect, it } from "vitest";
import { Nap } from "../../../shared/intake/update-log/nap.ts";
import { ManualClock } from "../../support/manual-clock.ts";

describe("a nap", () => {
  const { signal } = new AbortController();

  it("does not begin when the call came before it: no announcement is lost while its hearer is busy", async () => {
    const clock = new ManualClock();
    const nap = new Nap(clock);
    nap.wake();
    nap.wake();
    await nap.rest(5_000, signal);
    const second = nap.rest(5_000, signal);
    expect(clock.pendingTimers).toBe(1);
    nap.wake();
    await second;
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends by itself, and when the signal aborts", async () => {
    const clock = new ManualClock();
    const nap = new Nap(clock);
    const first = nap.rest(5_000, signal);
    await clock.advance(5_000);
    await first;
    const controller = new AbortController();
    const second = nap.rest(5_000, controller.signal);
    controller.abort(new Error("stop"));
    await second;
    await nap.rest(5_000, controller.signal);
    expect(clock.pendingTimers).toBe(0);
  });
});
