import { beforeEach, describe, expect, it } from "vitest";
import { OperationError, UsageError } from "../../../shared/errors.ts";
import { createFleet, type Fleet } from "../../../supervisor/fleet/fleet.ts";
import { defaultRestartPolicy } from "../../../supervisor/fleet/restart-policy.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../../support/recording-log.ts";
import { FakeBot, settle } from "./fake-bot.ts";

let clock: ManualClock;
let log: RecordingLog;
let bots: Map<string, FakeBot>;
let mainGone: string[];
let fleet: Fleet;

function prepare(names: readonly string[]): void {
  clock = new ManualClock();
  log = recordingLog("supervisor");
  bots = new Map(names.map((name) => [name, new FakeBot()]));
  mainGone = [];
  fleet = createFleet({
    bots: [...bots].map(([name, bot]) => ({
      name,
      role: name === "main" ? ("main" as const) : ("auxiliary" as const),
      ports: bot.ports,
    })),
    policy: defaultRestartPolicy,
    clock,
    random: () => 1,
    log,
    onMainGone: (reason) => mainGone.push(reason),
  });
}

const states = (): string[] => fleet.list().map(({ name, state }) => `${name} ${state}`);
const asked = (name: string): boolean =>
  bots.get(name)?.calls.some((call) => call.startsWith("ask to stop")) ?? false;

async function startReady(): Promise<void> {
  const started = fleet.start();
  bots.get("main")?.becomeReady();
  await started;
  for (const [name, bot] of bots) if (name !== "main") bot.becomeReady();
}

beforeEach(() => {
  prepare(["buy_tracker", "treasury", "main"]);
});

describe("the start of a fleet", () => {
  it("starts main first, the others when it begins to poll", async () => {
    const started = fleet.start();
    const main = bots.get("main");
    main?.say({ type: "hello", stopDeadlineMs: 15_000, botId: 4711 });
    await settle();
    expect(states()).toEqual(["main starting", "buy_tracker down", "treasury down"]);
    main?.say({ type: "polling", report: { state: "connecting" } });
    await started;
    expect(states()).toEqual(["main starting", "buy_tracker starting", "treasury starting"]);
  });

  it("does not hold the others up for a main that is slow, ends or stays down", async () => {
    const slow = fleet.start();
    await settle();
    await clock.advance(999);
    expect(states()).toContain("treasury down");
    await clock.advance(1);
    await slow;
    expect(states()).toContain("treasury starting");

    prepare(["treasury", "main"]);
    const broken = fleet.start();
    await bots.get("main")?.exit(78);
    await broken;
    expect(states()).toEqual(["main given_up", "treasury starting"]);

    prepare(["treasury", "main"]);
    await fleet.start((name) => name === "main");
    expect(states()).toEqual(["main down", "treasury starting"]);
  });

  it("spreads more than 20 bots, 3 s apart", async () => {
    prepare(["main", ...Array.from({ length: 20 }, (_, index) => `bot_${index}`)]);
    const started = fleet.start();
    const running = (): number => fleet.list().filter(({ state }) => state !== "down").length;
    await settle();
    expect(running()).toBe(1);
    bots.get("main")?.becomeReady();
    await settle();
    await clock.advance(2_999);
    expect(running()).toBe(1);
    await clock.advance(1);
    expect(running()).toBe(2);
    await clock.advance(19 * 3_000);
    await started;
    expect(running()).toBe(21);
  });

  it("ends with a stop in its midst, and leaves no timer", async () => {
    prepare(["main", ...Array.from({ length: 20 }, (_, index) => `bot_${index}`)]);
    const started = fleet.start();
    await settle();
    const stopped = fleet.stop("SIGTERM");
    await settle();
    await bots.get("main")?.exit(0);
    await Promise.all([started, stopped]);
    expect(states().every((state) => state.endsWith(" down"))).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("the stop of a fleet", () => {
  it("stops the auxiliary bots side by side, and main after the last of them", async () => {
    await startReady();
    const stopped = fleet.stop("SIGTERM");
    expect(["main", "buy_tracker", "treasury"].map(asked)).toEqual([false, true, true]);
    await bots.get("treasury")?.exit(0);
    expect(asked("main")).toBe(false);
    await bots.get("buy_tracker")?.exit(0);
    expect(asked("main")).toBe(true);
    await bots.get("main")?.exit(0);
    await stopped;
    expect(states()).toEqual(["main down", "buy_tracker down", "treasury down"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not bring main back that ends while the others stop", async () => {
    await startReady();
    const stopped = fleet.stop("SIGTERM");
    await bots.get("main")?.exit(0);
    expect(states()).toContain("main down");
    await bots.get("treasury")?.exit(0);
    await bots.get("buy_tracker")?.exit(0);
    await stopped;
    expect(bots.get("main")?.calls.filter((call) => call === "spawn")).toHaveLength(1);
  });

  it("called again with force kills everything at once", async () => {
    await startReady();
    const stopped = fleet.stop("SIGTERM");
    const forced = fleet.stop("SIGTERM, again", { force: true });
    for (const bot of bots.values()) {
      expect(bot.calls).toContain("kill");
      await bot.exit(null, "SIGKILL");
    }
    await Promise.all([stopped, forced]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets nothing be started afterwards", async () => {
    await fleet.stop("SIGTERM");
    expect(() => {
      fleet.startBot("main", "operator");
    }).toThrow(OperationError);
    await expect(fleet.restartBot("main", "operator")).rejects.toThrow(OperationError);
  });
});

describe("one bot", () => {
  it("is stopped, started and restarted by its name", async () => {
    await startReady();
    const treasury = bots.get("treasury");
    const stopped = fleet.stopBot("treasury", "operator");
    await treasury?.exit(0);
    await stopped;
    expect(states()).toContain("treasury down");
    fleet.startBot("treasury", "operator");
    const restarted = fleet.restartBot("treasury", "operator");
    await treasury?.exit(0);
    await restarted;
    expect(fleet.list().find(({ name }) => name === "treasury")).toMatchObject({
      state: "starting",
      restarts: 0,
      crashes: 0,
    });
  });

  it("that is removed is not started again meanwhile, and is gone when its process is", async () => {
    await startReady();
    const treasury = bots.get("treasury");
    const removed = fleet.removeBot("treasury", "a changed configuration");
    const refused = new OperationError(
      "treasury is being removed from the fleet, so it is not started.",
    );
    expect(() => {
      fleet.startBot("treasury", "operator");
    }).toThrow(refused);
    await expect(fleet.restartBot("treasury", "operator")).rejects.toThrow(refused);
    await treasury?.exit(0);
    await removed;
    expect(treasury?.calls.filter((call) => call === "spawn")).toHaveLength(1);
    expect(states()).toEqual(["main ready", "buy_tracker ready"]);
  });

  it("that is removed while a large fleet starts one by one is not started any more", async () => {
    const many = Array.from({ length: 21 }, (_, index) => `bot_${index}`);
    prepare(["main", ...many]);
    const started = fleet.start();
    bots.get("main")?.becomeReady();
    await settle();
    await fleet.removeBot("bot_0", "a changed configuration");
    for (let step = 0; step < 25; step += 1) await clock.advance(3_000);
    await started;
    expect(bots.get("bot_0")?.calls).not.toContain("spawn");
    expect(bots.get("bot_20")?.calls).toContain("spawn");
  });

  it("that does not exist is an error that names those that do", () => {
    expect(() => {
      fleet.startBot("tresury", "operator");
    }).toThrow(
      new UsageError(
        'There is no bot "tresury" in this fleet. It has: main, buy_tracker, treasury.',
      ),
    );
    expect(() => fleet.stopBot("tresury", "operator")).toThrow(UsageError);
  });
});

describe("main's end", () => {
  it("is told when main is stopped or given up, not when it is started again", async () => {
    await startReady();
    const main = bots.get("main");
    await main?.exit(1);
    expect(mainGone).toEqual([]);
    await main?.exit(78);
    expect(mainGone).toEqual(["ended with exit code 78 (configuration)"]);
    fleet.startBot("main", "operator");
    const stopped = fleet.stopBot("main", "operator");
    await main?.exit(0);
    await stopped;
    expect(mainGone).toEqual(["ended with exit code 78 (configuration)", "stopped by operator"]);
  });

  it("of another bot is not main's", async () => {
    await startReady();
    await bots.get("treasury")?.exit(78);
    expect(mainGone).toEqual([]);
  });
});

describe("a watcher", () => {
  it("gets every bot as it is, then the changes, until it ends", async () => {
    const seen: string[] = [];
    const end = fleet.watch((event) => {
      if (event.type === "bot") seen.push(`${event.bot.name} ${event.bot.state}`);
    });
    expect(seen).toEqual(["main down", "buy_tracker down", "treasury down"]);
    await startReady();
    end();
    await bots.get("main")?.exit(1);
    expect(states()).toContain("main starting");
    expect(new Set(seen.slice(3))).toEqual(
      new Set(
        ["main", "buy_tracker", "treasury"].flatMap((name) => [
          `${name} starting`,
          `${name} ready`,
        ]),
      ),
    );
  });

  it("that fails disturbs nobody", async () => {
    fleet.watch((event) => {
      if (event.type === "bot" && event.bot.state === "ready") throw new Error("watcher broke");
    });
    await startReady();
    expect(states().every((state) => state.endsWith(" ready"))).toBe(true);
    expect(log.of("error")).toHaveLength(3);
  });
});
