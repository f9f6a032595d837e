import { beforeEach, describe, expect, it } from "vitest";
import { defaultRestartPolicy as policy } from "../../../supervisor/fleet/restart-policy.ts";
import { ChildRig } from "./child-rig.ts";

let rig: ChildRig;
let bot: ChildRig["bot"];
let clock: ChildRig["clock"];
let child: ChildRig["child"];

function use(next: ChildRig): void {
  rig = next;
  ({ bot, clock, child } = next);
}

beforeEach(() => {
  use(new ChildRig());
});

describe("restarts", () => {
  it("are at once after a stable run, then later and later, at once again after the next one", async () => {
    await rig.startStable();
    const delays: (number | undefined)[] = [];
    for (let crash = 0; crash < 5; crash += 1) {
      await bot.exit(null, "SIGKILL");
      const { state } = child.view();
      delays.push(state === "starting" ? 0 : clock.nextTimerInMs);
      await rig.waitForTimer();
      bot.becomeReady();
    }
    // Chance is 1 here: each is the upper end of its range.
    expect(delays[0]).toBe(0);
    expect(delays.slice(1)).toEqual([500, 1_000, 2_000, 4_000]);
    await clock.advance(policy.stableAfterMs);
    await bot.exit(1);
    expect(child.view().state).toBe("starting");
  });

  it("of a bot that exits 0 for ever are no crashes and no hot loop", async () => {
    child.start("a test");
    for (let end = 0; end < 100; end += 1) {
      if (child.view().state === "backing_off") await rig.waitForTimer();
      await bot.exit(0);
    }
    expect(child.view()).toMatchObject({ state: "backing_off", crashes: 0, restarts: 99 });
    expect(clock.nextTimerInMs).toBe(policy.backoff.capMs);
  });

  it("wait 5 to 60 s for somebody else's lock (75), which is no crash", async () => {
    child.start("a test");
    const delays: (number | undefined)[] = [];
    for (let end = 0; end < 20; end += 1) {
      await bot.exit(75);
      delays.push(clock.nextTimerInMs);
      await rig.waitForTimer();
    }
    expect(Math.min(...delays.map(Number))).toBeGreaterThanOrEqual(5_000);
    expect(delays.at(-1)).toBe(60_000);
    expect(child.view().crashes).toBe(0);
  });
});

describe("the breaker", () => {
  it("gives a bot up after too many crashes in the window, says so once, tells the next try", async () => {
    await rig.crashUntilGivenUp();
    expect(child.view()).toMatchObject({ state: "given_up", crashes: 11 });
    expect(child.view().reason).toMatch(/^11 crashes within 900 s/);
    expect(child.view().nextTryAt).toBe(clock.now() + policy.halfOpenBaseMs);
    expect(rig.announcements()).toEqual(["given_up"]);
    expect(rig.log.of("error")).toHaveLength(1);
    expect(rig.events.at(-1)).toMatchObject({ type: "announcement" });
  });

  it("sees crashes that are a minute apart", async () => {
    child.start("a test");
    for (let crash = 0; crash <= policy.maxCrashesInWindow; crash += 1) {
      bot.becomeReady();
      await clock.advance(50_000);
      await bot.exit(1);
      if (child.view().state === "backing_off") await rig.waitForTimer();
    }
    expect(rig.announcements()).toEqual(["given_up"]);
  });

  it("does not see crashes that are far apart", async () => {
    child.start("a test");
    for (let crash = 0; crash < 50; crash += 1) {
      bot.becomeReady();
      await clock.advance(2 * 60_000);
      await bot.exit(1);
    }
    expect(child.view()).toMatchObject({ state: "starting", crashes: 50 });
  });

  it("tries once after each pause, and doubles the pause, silently", async () => {
    await rig.crashUntilGivenUp();
    const pauses: number[] = [];
    for (let trial = 0; trial < 6; trial += 1) {
      pauses.push(Number(clock.nextTimerInMs) / 60_000);
      await rig.waitForTimer();
      expect(child.view().state).toBe("starting");
      await bot.exit(trial % 2 === 0 ? 1 : 0);
      expect(child.view().state).toBe("given_up");
    }
    expect(pauses).toEqual([10, 20, 40, 80, 120, 120]);
    expect(rig.announcements()).toEqual(["given_up"]);
  });

  it("closes after a stable run, and says so", async () => {
    await rig.crashUntilGivenUp();
    await clock.advance(policy.halfOpenBaseMs);
    bot.becomeReady();
    await clock.advance(policy.stableAfterMs);
    expect(rig.announcements()).toEqual(["given_up", "recovered"]);
    await bot.exit(1);
    expect(child.view().state).toBe("starting");
  });

  it("says so, too, where a person's start ended it; and tells of a new opening", async () => {
    await rig.crashUntilGivenUp();
    child.start("a test");
    await rig.crashUntilGivenUp();
    expect(rig.announcements()).toEqual(["given_up", "given_up"]);
    child.start("a test");
    bot.becomeReady();
    await clock.advance(policy.stableAfterMs);
    expect(rig.announcements()).toEqual(["given_up", "given_up", "recovered"]);
  });

  it.each([
    [69, "ended with exit code 69 (Telegram refused the token)"],
    [78, "ended with exit code 78 (configuration)"],
  ])("opens at once for exit code %i", async (code, reason) => {
    child.start("a test");
    await bot.exit(code);
    expect(child.view()).toMatchObject({ state: "given_up", reason, crashes: 0 });
    expect(clock.nextTimerInMs).toBe(policy.halfOpenBaseMs);
    child.configurationChanged();
    expect(child.view()).toMatchObject({ state: "starting", reason: "its configuration changed" });
  });
});
