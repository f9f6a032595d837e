import { describe, expect, it } from "vitest";
import { defaultRestartPolicy as policy } from "../../../../supervisor/fleet/restart-policy.ts";
import {
  type ChildEvent,
  type ChildRecord,
  type ChildState,
  newChildRecord,
  type Step,
} from "../../../../supervisor/fleet/state/child-record.ts";
import { step } from "../../../../supervisor/fleet/state/child-state.ts";

const context = { policy, nowMs: 1_000_000, random: () => 0.5 };
const take = (record: ChildRecord, ...events: ChildEvent[]): ChildRecord =>
  events.reduce((at, event) => step(at, event, context).record, record);

const samples: { readonly [T in ChildEvent["type"]]: Extract<ChildEvent, { type: T }> } = {
  start: { type: "start", by: "a test" },
  stop: { type: "stop", by: "a test", force: false },
  restart: { type: "restart", by: "a test" },
  retire: { type: "retire", by: "a test" },
  configuration_changed: { type: "configuration_changed" },
  lock_acquired: { type: "lock_acquired" },
  lock_unavailable: { type: "lock_unavailable", reason: "held by pid 7" },
  spawn_failed: { type: "spawn_failed", message: "no memory" },
  hello: { type: "hello", stopDeadlineMs: 15_000 },
  reported: { type: "reported", doing: "waiting_for_network" },
  ready: { type: "ready" },
  hung: { type: "hung", silentMs: 40_000 },
  exited: { type: "exited", code: 1, signal: null },
  swept: { type: "swept" },
  retry_due: { type: "retry_due" },
  start_timeout: { type: "start_timeout" },
  stable: { type: "stable" },
  kill_due: { type: "kill_due" },
};
const event = (type: ChildEvent["type"]): ChildEvent => samples[type];
const start = samples.start;

const starting = take(newChildRecord(false), start);
const ready = take(starting, event("hello"), event("ready"));
const exited78: ChildEvent = { type: "exited", code: 78, signal: null };
const records: Readonly<Record<ChildState, ChildRecord>> = {
  down: newChildRecord(false),
  acquiring_lock: take(newChildRecord(true), start),
  starting,
  ready,
  stopping: take(ready, event("stop")),
  backing_off: take({ ...ready, quickEnds: 1 }, event("exited"), event("swept")),
  given_up: take(ready, exited78, event("swept")),
};

/** Where each pair leads; a pair that is not here cannot happen. */
const legal: Readonly<Record<ChildState, Partial<Record<ChildEvent["type"], ChildState>>>> = {
  down: {
    start: "starting",
    restart: "starting",
    stop: "down",
    retire: "down",
    configuration_changed: "down",
  },
  acquiring_lock: {
    start: "acquiring_lock",
    restart: "acquiring_lock",
    configuration_changed: "acquiring_lock",
    stop: "down",
    retire: "down",
    lock_acquired: "starting",
    lock_unavailable: "backing_off",
  },
  starting: {
    start: "starting",
    configuration_changed: "starting",
    retire: "starting",
    stop: "stopping",
    restart: "stopping",
    spawn_failed: "starting",
    hello: "starting",
    reported: "starting",
    ready: "ready",
    hung: "stopping",
    exited: "stopping",
    start_timeout: "stopping",
  },
  ready: {
    start: "ready",
    configuration_changed: "ready",
    retire: "ready",
    reported: "ready",
    stable: "ready",
    stop: "stopping",
    restart: "stopping",
    hung: "stopping",
    exited: "stopping",
  },
  stopping: {
    start: "stopping",
    restart: "stopping",
    stop: "stopping",
    configuration_changed: "stopping",
    retire: "stopping",
    hello: "stopping",
    reported: "stopping",
    ready: "stopping",
    hung: "stopping",
    exited: "stopping",
    kill_due: "stopping",
    spawn_failed: "down",
    swept: "down",
  },
  backing_off: {
    start: "starting",
    restart: "starting",
    configuration_changed: "starting",
    retry_due: "starting",
    stop: "down",
    retire: "down",
  },
  given_up: {
    start: "starting",
    restart: "starting",
    configuration_changed: "starting",
    retry_due: "starting",
    stop: "down",
    retire: "down",
  },
};

const pairs = Object.values(records).flatMap((record) =>
  Object.values(samples).map((each) => ({
    record,
    each,
    title: `${record.state}, ${each.type}`,
    outcome: legal[record.state][each.type] ?? "impossible",
  })),
);

describe("the table", () => {
  it("is tested in every state with every event", () => {
    expect(Object.entries(records).map(([state, record]) => [state, record.state])).toEqual(
      Object.keys(legal).map((state) => [state, state]),
    );
    expect(pairs).toHaveLength(7 * 18);
  });

  it.each(pairs.filter(({ outcome }) => outcome === "impossible"))(
    "$title: cannot happen and changes nothing",
    ({ record, each }) => {
      expect(step(record, each, context)).toEqual({ record, actions: [], impossible: true });
    },
  );

  it.each(pairs.filter(({ outcome }) => outcome !== "impossible"))(
    "$title -> $outcome, with a reason, and with the next try where it waits",
    ({ record, each, outcome }) => {
      const next = step(record, each, context);
      expect(next.impossible).toBeUndefined();
      expect(next.record.state).toBe(outcome);
      expect(next.record.reason).not.toBe("");
      const waits = outcome === "backing_off" || outcome === "given_up";
      expect(next.record.nextTryMs !== undefined).toBe(waits);
    },
  );
});

const actionNames = ({ actions }: Step): string[] =>
  actions.map((action) => {
    if (action.type === "schedule") return `schedule ${action.timer} ${action.afterMs}`;
    return action.type === "cancel" ? `cancel ${action.timer}` : action.type;
  });

describe("what is done", () => {
  it.each<[string, ChildRecord, ChildEvent, string[]]>([
    ["a start", records.down, start, ["spawn", "schedule start_timeout 30000"]],
    ["a start with a lock", newChildRecord(true), start, ["acquire_lock"]],
    ["a stop while the lock is awaited", records.acquiring_lock, event("stop"), ["abandon_lock"]],
    ["a report", starting, event("reported"), ["cancel start_timeout"]],
    ["ready", starting, event("ready"), ["cancel start_timeout", "schedule stable 60000"]],
    [
      "a stop: the bot's own deadline and a margin",
      ready,
      event("stop"),
      ["cancel start_timeout", "cancel stable", "ask_stop", "schedule kill_due 17000"],
    ],
    [
      "a stop before hello: the default deadline",
      starting,
      event("stop"),
      ["cancel start_timeout", "cancel stable", "ask_stop", "schedule kill_due 7000"],
    ],
    [
      "a forced stop",
      ready,
      { type: "stop", by: "a test", force: true },
      ["cancel start_timeout", "cancel stable", "kill", "schedule kill_due 10000"],
    ],
    ["force while it stops", records.stopping, { type: "stop", by: "x", force: true }, ["kill"]],
    ["a missed deadline", records.stopping, event("kill_due"), ["kill", "schedule kill_due 10000"]],
    [
      "a hang",
      ready,
      event("hung"),
      ["cancel start_timeout", "cancel stable", "kill", "schedule kill_due 10000"],
    ],
    [
      "an end",
      ready,
      event("exited"),
      ["cancel start_timeout", "cancel stable", "cancel kill_due", "sweep"],
    ],
    ["a stop while it waits", records.backing_off, event("stop"), ["cancel retry_due"]],
  ])("%s", (_title, record, each, expected) => {
    expect(actionNames(step(record, each, context))).toEqual(expected);
  });

  it("spawns only after the look for what the last process left", () => {
    const ended = step(ready, event("exited"), context);
    expect(actionNames(ended)).not.toContain("spawn");
    expect(actionNames(step(ended.record, event("swept"), context))).toContain("spawn");
  });
});

describe("the cause of an ending", () => {
  it("is the first one: a hung bot that is then stopped has hung", () => {
    const stopped = take(ready, event("hung"), event("stop"), event("exited"), event("swept"));
    expect(stopped.state).toBe("down");
    expect(stopped.reason).toBe("hung: no sign of life for 40 s");
  });

  it("is a crash even if somebody asks for a stop while its rest is looked for", () => {
    const stopped = take(ready, event("exited"), event("stop"), event("swept"));
    expect(stopped.state).toBe("down");
    expect(stopped.reason).toBe("ended with exit code 1");
  });

  it("tells when an asked-for stop needed force", () => {
    const killed: ChildEvent = { type: "exited", code: null, signal: "SIGKILL" };
    const stopped = take(ready, event("stop"), event("kill_due"), killed, event("swept"));
    expect(stopped.reason).toBe("stopped by a test (its process ended by SIGKILL)");
  });

  it("does not count what was asked for as a crash", () => {
    const again = take(ready, event("restart"), event("exited"), event("swept"));
    expect(again).toMatchObject({ state: "starting", crashes: 0, quickEnds: 0, restarts: 0 });
  });

  const clean: ChildEvent = { type: "exited", code: 0, signal: null };
  it.each<[string, ChildEvent[], number]>([
    ["the first start", [], 0],
    ["a crash", [event("exited"), event("swept")], 1],
    ["an end that nobody asked for", [clean, event("swept")], 1],
    ["a hang", [event("hung"), event("exited"), event("swept")], 1],
    ["a stop and a start", [event("stop"), clean, event("swept"), start], 0],
    ["a start while it waits after being given up", [exited78, event("swept"), start], 0],
    ["the try after being given up", [exited78, event("swept"), event("retry_due")], 1],
  ])("counts restarts after ends that nobody asked for: %s", (_name, events, restarts) => {
    expect(take(ready, ...events)).toMatchObject({
      state: events.length > 0 ? "starting" : "ready",
      restarts,
    });
  });

  it("is forgotten by the next process", () => {
    expect(take(ready, event("restart"), event("exited"), event("swept")).ending).toBeUndefined();
  });
});

describe("changed minds while it stops", () => {
  const ended = [event("exited"), event("swept")];

  it("a start after a stop brings it back at once", () => {
    expect(take(ready, event("stop"), start, ...ended).state).toBe("starting");
  });

  it("a stop after a restart leaves it down", () => {
    expect(take(ready, event("restart"), event("stop"), ...ended).state).toBe("down");
  });

  it("a stop of a bot that was never started is its reason; of one that is down already it is none", () => {
    const stopped = take(newChildRecord(false), event("stop"));
    expect(stopped).toMatchObject({ state: "down", reason: expect.stringMatching(/^stopped by /) });
    const again = take(stopped, { type: "stop", by: "somebody else", force: false });
    expect(again.reason).toBe(stopped.reason);
  });

  it("a retired bot works on, and stays down when it ends by itself", () => {
    expect(take(ready, event("retire")).state).toBe("ready");
    expect(take(ready, event("retire"), ...ended).state).toBe("down");
  });

  it("an operator's start of a bot given up closes the breaker", () => {
    expect(records.given_up.trips).toBe(1);
    expect(take(records.given_up, start)).toMatchObject({ trips: 0, crashTimesMs: [] });
  });
});
