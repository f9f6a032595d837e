import { describe, expect, it } from "vitest";
import { type AttemptOptions, attempt, type Ending } from "../../shared/dispatch/attempt.ts";
import { Gate } from "../support/gate.ts";
import { ManualClock } from "../support/manual-clock.ts";

function started(handle: (ownSignal: () => AbortSignal) => void | Promise<void>): {
  clock: ManualClock;
  controller: AbortController;
  slow: () => number;
  ending: Promise<Ending>;
} {
  const clock = new ManualClock();
  const controller = new AbortController();
  let slow = 0;
  const options: AttemptOptions = {
    clock,
    signal: controller.signal,
    slowAfterMs: 30,
    deadlineMs: 300,
    onSlow: () => {
      slow += 1;
    },
  };
  return { clock, controller, slow: () => slow, ending: attempt(handle, options) };
}

describe("one run of a handler", () => {
  it.each([
    ["ends well", () => undefined, { kind: "handled" }],
    ["ends well later", () => Promise.resolve(), { kind: "handled" }],
    ["rejects", () => Promise.reject(new Error("no")), { kind: "failed" }],
    [
      "throws at once",
      () => {
        throw new Error("no");
      },
      { kind: "failed" },
    ],
  ] as [string, () => void | Promise<void>, object][])("%s", async (_, handle, expected) => {
    const { ending, clock } = started(handle);
    expect(await ending).toMatchObject(expected);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is reported once when slow, and given up at its deadline although it heeds nothing", async () => {
    const late = new Gate();
    const { ending, clock, slow } = started(() => late.passed);
    await clock.advance(299);
    expect(slow()).toBe(1);
    await clock.advance(1);
    expect(await ending).toMatchObject({ kind: "stuck" });
    // What it does now is of no interest, and no unhandled rejection.
    late.fail(new Error("too late"));
    expect(clock.pendingTimers).toBe(0);
  });

  it("gets a signal that tells the truth also when it asks for it late", async () => {
    const late = new Gate();
    let aborted: boolean | undefined;
    const { ending, clock } = started(async (own) => {
      await late.passed;
      aborted = own().aborted;
    });
    await clock.advance(300);
    expect(await ending).toMatchObject({ kind: "stuck" });
    late.open();
    await clock.advance(0);
    expect(aborted).toBe(true);
  });

  it("is broken off with the bot, which is no failure, and told by its signal", async () => {
    let told: AbortSignal | undefined;
    const { ending, controller, clock } = started((own) => {
      const signal = own();
      told = signal;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    });
    controller.abort(new Error("stop"));
    expect(await ending).toEqual({ kind: "broken_off" });
    expect(told?.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not start when the bot has stopped already", async () => {
    let runs = 0;
    const clock = new ManualClock();
    const ending = await attempt(
      () => {
        runs += 1;
      },
      {
        clock,
        signal: AbortSignal.abort(),
        slowAfterMs: 1,
        deadlineMs: 2,
        onSlow: () => undefined,
      },
    );
    expect([ending.kind, runs, clock.pendingTimers]).toEqual(["broken_off", 0, 0]);
  });
});
