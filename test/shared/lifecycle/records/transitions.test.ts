import { describe, expect, it } from "vitest";
import type { Holder } from "../../../../shared/lifecycle/records/lease.ts";
import {
  applyEvent,
  type LifecycleEvent,
  type LifecycleRecords,
  recordProgress,
} from "../../../../shared/lifecycle/records/transitions.ts";

const holder: Holder = {
  label: "main",
  pid: 42,
  start_ticks: 7,
  boot_id: "b",
  pid_namespace: "p",
  net_namespace: "n",
  host: "h",
};
const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;
const nothing: LifecycleRecords = { lease: undefined, state: undefined };

const events = {
  start: { type: "start", leaseId: "L", holder, epoch: undefined },
  running: { type: "running", leaseId: "L" },
  stopping: { type: "stopping", leaseId: "L", cause: "sigterm" },
  stopped: { type: "stopped", leaseId: "L", cause: "done" },
  failed: { type: "failed", leaseId: "L", error: "boom" },
  close: { type: "close", by: "dev" },
  crashed: { type: "crashed", by: "main, pid 43 on h" },
} as const satisfies Record<string, LifecycleEvent>;
type EventName = keyof typeof events;

/** The records after these events, one a second, each of which must be accepted. */
function after(...names: readonly EventName[]): LifecycleRecords {
  return names.reduce<LifecycleRecords>((records, name, index) => {
    const outcome = applyEvent(records, events[name], at(index));
    if (outcome.kind === "refused") throw new Error(`${name}: ${outcome.refusal}`);
    return outcome.records;
  }, nothing);
}

const states: Readonly<Record<string, LifecycleRecords>> = {
  nothing,
  starting: after("start"),
  running: after("start", "running"),
  stopping: after("start", "running", "stopping"),
  stopped: after("start", "running", "stopping", "stopped"),
  failed: after("start", "failed"),
  closed: after("start", "running", "close"),
  "closed and finished": after("start", "running", "close", "stopped"),
  crashed: after("start", "running", "crashed"),
};

describe("a transition of a listener", () => {
  it.each([
    // state, what follows: start running stopping stopped failed close crashed
    ["nothing", "starting superseded superseded superseded superseded not_started already_closed"],
    ["starting", "lease_active running stopping stopped failed stopped failed"],
    ["running", "lease_active already_recorded stopping stopped failed stopped failed"],
    ["stopping", "lease_active already_recorded already_recorded stopped failed stopped failed"],
    [
      "stopped",
      "starting released released already_recorded already_recorded already_closed already_closed",
    ],
    [
      "failed",
      "starting released released already_recorded already_recorded already_closed already_closed",
    ],
    ["closed", "starting released released quiet quiet already_closed already_closed"],
    [
      "closed and finished",
      "starting released released already_recorded already_recorded already_closed already_closed",
    ],
    ["crashed", "starting released released quiet quiet already_closed already_closed"],
  ])("from %s gives: %s", (name, expected) => {
    const results = Object.values(events).map((event) => {
      const outcome = applyEvent(states[name] ?? nothing, event, at(30));
      if (outcome.kind === "refused") return outcome.refusal;
      return outcome.kind === "quiet" ? "quiet" : outcome.records.state?.status;
    });
    expect(results.join(" ")).toBe(expected);
  });

  it.each(["running", "stopping", "stopped", "failed"] as const)(
    "%s of an older lease is refused once another has followed",
    (name) => {
      const outcome = applyEvent(after("start"), { ...events[name], leaseId: "older" }, at(30));
      expect(outcome).toEqual({ kind: "refused", refusal: "superseded" });
    },
  );

  it.each(["stopped", "failed", "close", "crashed"] as const)(
    "%s releases the lease and says when and by whom",
    (name) => {
      const { lease, state } = after("start", "running", name);
      expect(lease).toMatchObject({ status: "inactive", released: at(2), holder });
      expect(lease?.released_by).toBe(
        { stopped: "main", failed: "main", close: "dev", crashed: "main, pid 43 on h" }[name],
      );
      expect(state).toMatchObject({ lease_active: false, last_event: name, stopped: at(2) });
    },
  );

  it.each([
    [["stopping", "stopped"], "sigterm"],
    [["stopping", "close"], "sigterm"],
    [["stopping", "failed"], "sigterm"],
    [["stopping", "crashed"], "sigterm"],
    [["close", "stopped"], "closed by dev"],
    [["stopped"], "done"],
    [["failed"], "boom"],
    [["crashed"], "crashed"],
  ] as const)("keeps the first cause through %j: %s", (names, cause) => {
    expect(after("start", ...names).state?.cause).toBe(cause);
  });

  it("of a listener that finishes after a close adds its end and no event", () => {
    const before = after("start", "running", "close");
    const { lease, state } = after("start", "running", "close", "stopped");
    expect(lease).toEqual(before.lease);
    expect(state).toEqual({ ...before.state, updated: at(3), finished: at(3) });
  });

  it("writes causes and names as one line without secrets", () => {
    const error = `cannot\n\treach https://api.example/bot123456789:${"A".repeat(35)}/getMe ${"x".repeat(500)}`;
    const outcome = applyEvent(after("start"), { type: "failed", leaseId: "L", error }, at(9));
    const text = outcome.kind === "moved" ? outcome.records.state?.error : undefined;
    expect(text).toMatch(
      /^cannot reach https:\/\/api\.example\/bot123456789:<redacted>\/getMe x+…$/,
    );
    expect(text).toHaveLength(400);
  });
});

describe("the epoch of a lease", () => {
  it.each([
    ["counts on by itself", undefined, 4],
    ["is the polling epoch that is given", 9, 9],
    ["is never lowered", 2, 3],
  ])("%s", (_what, epoch, expected) => {
    const ended = after("start", "stopped");
    const before = { ...ended, lease: ended.lease && { ...ended.lease, epoch: 3 } };
    const outcome = applyEvent(before, { ...events.start, leaseId: "M", epoch }, at(30));
    expect(outcome).toMatchObject({ kind: "moved", records: { lease: { epoch: expected } } });
  });

  it("begins with 1, or with 0 for a listener that has a polling epoch and has not polled", () => {
    expect(after("start").lease?.epoch).toBe(1);
    const outcome = applyEvent(nothing, { ...events.start, epoch: 0 }, at(0));
    expect(outcome).toMatchObject({ records: { lease: { epoch: 0 } } });
  });
});

describe("progress", () => {
  it("renews the lease and notes poll, offset and epoch without an event", () => {
    const records = after("start", "running");
    const progress = { lastPollMs: Date.parse(at(20)), offset: 77, epoch: 5 };
    const next = recordProgress(records, "L", progress, at(21));
    expect(next?.lease).toEqual({ ...records.lease, renewed: at(21), epoch: 5 });
    expect(next?.state).toEqual({
      ...records.state,
      updated: at(21),
      last_poll: at(20),
      offset: 77,
    });
  });

  it("of a lease that is released leaves the lease as it was released", () => {
    const records = after("start", "close");
    const next = recordProgress(records, "L", { offset: 78 }, at(21));
    expect(next?.lease).toBe(records.lease);
    expect(next?.state?.offset).toBe(78);
  });

  it("of an older lease is dropped", () => {
    expect(recordProgress(after("start"), "older", { offset: 1 }, at(21))).toBeUndefined();
    expect(recordProgress(nothing, "L", { offset: 1 }, at(21))).toBeUndefined();
  });
});
