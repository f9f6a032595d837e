import { beforeEach, describe, expect, it } from "vitest";
import { defaultRestartPolicy as policy } from "../../../supervisor/fleet/restart-policy.ts";
import { ChildRig } from "./child-rig.ts";
import { FakeBot, settle } from "./fake-bot.ts";

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

describe("a child", () => {
  it("goes from down over starting to ready and shows what the bot says", () => {
    child.start("a test");
    bot.becomeReady();
    bot.say({ type: "poll_completed", at: clock.now() });
    bot.say({ type: "errors", counts: { conflict: 2 } });
    expect(rig.statesSeen()).toEqual(["starting", "ready"]);
    expect(child.view()).toMatchObject({
      name: "treasury",
      role: "auxiliary",
      state: "ready",
      pid: 101,
      botId: 4711,
      polling: { state: "polling" },
      lastPollCompletedAt: clock.now(),
      errors: { conflict: 2 },
      restarts: 0,
      crashes: 0,
      nextTryAt: undefined,
    });
  });

  it("publishes no view twice", () => {
    child.start("a test");
    bot.becomeReady();
    bot.say({ type: "polling", report: { state: "polling" } });
    bot.say({ type: "pong", sequence: 1 });
    expect(new Set(rig.views().map((view) => JSON.stringify(view))).size).toBe(rig.views().length);
  });

  it("tells why the bot could not go on in the bot's own words, in one line and without a token", async () => {
    child.start("a test");
    const secret = `123456:${"x".repeat(35)}`;
    bot.say({
      type: "failed",
      reason: `options.pool: needs a text\noptions.key: ${secret}\nCorrect it.`,
    });
    await bot.exit(78);
    expect(child.view()).toMatchObject({
      state: "given_up",
      reason:
        "ended with exit code 78 (configuration): options.pool: needs a text. options.key: 123456:<redacted>. Correct it.",
    });
    child.start("a test");
    await bot.exit(78);
    expect(child.view().reason).toBe("ended with exit code 78 (configuration)");
  });

  it("ignores what is not of the contract", () => {
    child.start("a test");
    const before = child.view();
    bot.say({ type: "unheard of" });
    expect(child.view()).toEqual(before);
    expect(rig.log.of("debug")).toHaveLength(1);
  });

  it("hears nothing from a process that is no longer the present one", async () => {
    await rig.startStable();
    const old = bot.presentEvents;
    await bot.exit(1);
    old?.message({ type: "errors", counts: { old: 1 } });
    old?.exited({ code: 1, signal: null });
    expect(child.view()).toMatchObject({ state: "starting", pid: 102, errors: {} });
  });

  it("leaves no timer behind after a stop", async () => {
    await rig.startStable();
    const stopped = child.stop("a test", { force: false });
    await bot.exit(0);
    await stopped;
    expect(child.view()).toMatchObject({
      state: "down",
      reason: "stopped by a test",
      pid: undefined,
      polling: { state: "stopped" },
    });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("a stop", () => {
  it("is done only when the look for the rest is done", async () => {
    bot.slowSweep = true;
    await rig.startStable();
    let done = false;
    const stopped = child.stop("a test", { force: false }).then(() => (done = true));
    await bot.exit(0);
    expect([done, child.view().state]).toEqual([false, "stopping"]);
    await bot.sweepDone();
    await stopped;
    expect(child.view().state).toBe("down");
  });

  it("kills after the bot's own deadline and the margin, not before", async () => {
    await rig.startStable();
    const stopped = child.stop("a test", { force: false });
    await clock.advance(16_999);
    expect(bot.calls).not.toContain("kill");
    await clock.advance(1);
    expect(bot.calls.filter((call) => call === "kill")).toHaveLength(1);
    await bot.exit(null, "SIGKILL");
    await stopped;
    expect(child.view().reason).toBe("stopped by a test (its process ended by SIGKILL)");
  });

  it("kills at once when it is forced", async () => {
    await rig.startStable();
    const stopped = child.stop("a test", { force: false });
    const forced = child.stop("a test", { force: true });
    expect(bot.calls).toContain("kill");
    await bot.exit(null, "SIGKILL");
    await Promise.all([stopped, forced]);
  });

  it("asked for from within a published event waits all the same", async () => {
    let stopped: Promise<void> | undefined;
    const watched = new ChildRig(new FakeBot(), (event) => {
      if (event.type === "bot" && event.bot.state === "ready")
        stopped ??= watched.child.stop("a watcher", { force: false });
    });
    use(watched);
    child.start("a test");
    bot.becomeReady();
    await bot.exit(0);
    await stopped;
    expect(child.view().state).toBe("down");
  });

  it("names what the process left behind", async () => {
    await rig.startStable();
    bot.leftBehind = [200, 201];
    await bot.exit(1);
    expect(rig.log.of("warn").join()).toContain("pids=[200,201]");
    expect(child.view().state).toBe("starting");
  });

  it("says so and goes on when what was left behind does not die", async () => {
    await rig.startStable();
    bot.sweepError = new Error("process 200 does not end");
    await bot.exit(1);
    expect(rig.log.of("error").join()).toContain("process 200 does not end");
    expect(child.view().state).toBe("starting");
  });
});

describe("a bot that does not work", () => {
  it("is killed when it says nothing about its work for 30 s", async () => {
    child.start("a test");
    bot.say({ type: "hello", stopDeadlineMs: 5_000, botId: 1 });
    bot.say({ type: "polling", report: { state: "starting" } });
    await clock.advance(policy.startTimeoutMs);
    expect(bot.calls).toContain("kill");
    await bot.exit(null, "SIGKILL");
    expect(child.view()).toMatchObject({ state: "starting", crashes: 1 });
  });

  it("is left alone while it reports what it waits for", async () => {
    child.start("a test");
    bot.say({ type: "hello", stopDeadlineMs: 5_000, botId: 1 });
    bot.say({ type: "polling", report: { state: "waiting_for_network", reason: "ENOTFOUND" } });
    await clock.advance(5 * 60_000);
    expect(child.view()).toMatchObject({
      state: "starting",
      reason: "waiting_for_network: ENOTFOUND",
    });
  });

  it("is not asked whether it hangs where it could not answer", async () => {
    bot.hasChannel = false;
    child.start("a test");
    bot.becomeReady();
    await clock.advance(10 * (policy.pingIntervalMs + policy.hungAfterMs));
    expect(child.view().state).toBe("ready");
    expect(bot.calls).not.toContain("ping");
    expect(clock.pendingTimers).toBe(0);
  });

  it("is killed and started again when its event loop hangs", async () => {
    await rig.startStable();
    bot.hangs = true;
    await clock.advance(policy.pingIntervalMs + policy.hungAfterMs);
    expect(bot.calls.slice(-2)).toEqual(["ping", "kill"]);
    expect(child.view().reason).toMatch(/^hung: no sign of life for/);
    await bot.exit(null, "SIGKILL");
    expect(child.view()).toMatchObject({ state: "starting", crashes: 1, restarts: 1 });
  });

  it("that cannot be spawned is tried again", async () => {
    bot.spawnError = new Error("no memory");
    child.start("a test");
    expect(child.view()).toMatchObject({
      state: "backing_off",
      reason: "could not be started: no memory",
      crashes: 2,
    });
    bot.spawnError = undefined;
    await clock.advance(500);
    await bot.fail("exec failed");
    expect(child.view().reason).toBe("could not be started: exec failed");
    await clock.advance(1_000);
    expect(child.view().state).toBe("starting");
  });
});

describe("a bot whose lock the supervisor holds", () => {
  beforeEach(() => {
    use(new ChildRig(new FakeBot({ needsLock: true })));
  });

  it("is spawned when the lock is there", async () => {
    child.start("a test");
    await settle();
    expect(bot.calls).toEqual(["acquire lock", "spawn"]);
  });

  it("waits 5 to 60 s when the lock is held", async () => {
    bot.lock = "held";
    child.start("a test");
    await settle();
    expect(child.view()).toMatchObject({
      state: "backing_off",
      reason: "the polling lock is held by pid 7",
    });
    bot.lock = "free";
    await clock.advance(10_000);
    expect(child.view().state).toBe("starting");
  });

  it("abandons the attempt when it is stopped", async () => {
    bot.lock = "waits";
    child.start("a test");
    await child.stop("a test", { force: false });
    await settle();
    expect(bot.calls).toEqual(["acquire lock", "lock attempt abandoned"]);
    expect(child.view().state).toBe("down");
  });
});
