import { beforeEach, describe, expect, it } from "vitest";
import { HangWatch } from "../../../../supervisor/fleet/process/hang-watch.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

/** A clock whose timers can be held up, as by a blocked event loop of the supervisor. */
class LateClock extends ManualClock {
  lateMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.lateMs;
  }
}

let clock: LateClock;
let pings: number[];
let silences: boolean[];
let hung: number[];
let watch: HangWatch;

beforeEach(() => {
  clock = new LateClock();
  pings = [];
  hung = [];
  silences = [];
  watch = new HangWatch({
    pingIntervalMs: 10_000,
    hungAfterMs: 30_000,
    clock,
    ping: (sequence) => pings.push(sequence),
    silent: (isSilent) => silences.push(isSilent),
    hung: (silentMs) => hung.push(silentMs),
  });
});

describe("the watch for a hang", () => {
  it("says of a bot that does not answer that it is silent, and again when it has answered", async () => {
    const asked = watch.askNow();
    await clock.advance(499);
    expect(silences).toEqual([]);
    await clock.advance(1);
    await asked;
    expect([silences, hung]).toEqual([[true], []]);
    watch.heard();
    expect(silences).toEqual([true, false]);
  });

  it("asks at once when somebody looks, one question for all who look", async () => {
    const both = Promise.all([watch.askNow(), watch.askNow()]);
    expect(pings).toEqual([1]);
    watch.heard();
    await both;
    expect(silences).toEqual([]);
  });

  it("ends with nobody waiting for an answer", async () => {
    const asked = watch.askNow();
    watch.end();
    await asked;
    expect(clock.nextTimerInMs).toBeUndefined();
  });

  it("asks nothing of a bot that talks", async () => {
    for (let second = 0; second < 120; second += 5) {
      watch.heard();
      await clock.advance(5_000);
    }
    expect([pings, hung]).toEqual([[], []]);
  });

  it("asks a silent bot, and is content with any answer", async () => {
    await clock.advance(10_000);
    expect(pings).toEqual([1]);
    await clock.advance(29_999);
    watch.heard();
    await clock.advance(10_000);
    expect([pings, hung]).toEqual([[1, 2], []]);
  });

  it("calls a bot hung that does not answer for 30 s, once", async () => {
    await clock.advance(40_000);
    expect(hung).toEqual([40_000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("asks again when it was the supervisor that was held up", async () => {
    await clock.advance(39_999);
    clock.lateMs = 60_000;
    await clock.advance(1);
    expect([pings, hung]).toEqual([[1, 2], []]);
    await clock.advance(30_000);
    expect(hung).toHaveLength(1);
  });

  it("leaves no timer behind, whatever is still heard", async () => {
    await clock.advance(15_000);
    watch.end();
    watch.heard();
    expect(clock.pendingTimers).toBe(0);
  });
});
