import { describe, expect, it } from "vitest";
import { historyEntry } from "../../../../shared/lifecycle/records/history.ts";
import { settle } from "../../../../shared/lifecycle/records/settle.ts";
import {
  applyEvent,
  type LifecycleEvent,
  type LifecycleRecords,
} from "../../../../shared/lifecycle/records/transitions.ts";

const now = "2026-01-01T00:10:00.000Z";
const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const holder = {
  label: "main",
  pid: 42,
  start_ticks: 7,
  boot_id: null,
  pid_namespace: null,
  net_namespace: null,
  host: "h",
};

function story(...events: readonly LifecycleEvent[]): LifecycleRecords {
  return events.reduce<LifecycleRecords>(
    (records, event, index) => {
      const outcome = applyEvent(records, event, at(index));
      if (outcome.kind === "refused") throw new Error(outcome.refusal);
      return outcome.records;
    },
    { lease: undefined, state: undefined },
  );
}

const start: LifecycleEvent = { type: "start", leaseId: "L", holder, epoch: undefined };
const restart: LifecycleEvent = { ...start, leaseId: "M" };
const running: LifecycleEvent = { type: "running", leaseId: "L" };
const ends: readonly LifecycleEvent[] = [
  { type: "stopped", leaseId: "L", cause: "sigterm" },
  { type: "failed", leaseId: "L", error: "boom" },
  { type: "close", by: "dev" },
  { type: "crashed", by: "main, pid 43 on h" },
];

describe("settling two records that a death left apart", () => {
  it.each(ends)("finishes an end of which only the state was written: $type", (end) => {
    const before = story(start, running);
    const after = story(start, running, end);
    expect(settle({ lease: before.lease, state: after.state }, now)).toEqual(after);
  });

  it("finishes a start of which only the lease was written", () => {
    const first = story(start, running, ...ends.slice(0, 1));
    const second = story(start, running, ...ends.slice(0, 1), restart);
    expect(settle({ lease: second.lease, state: first.state }, now)).toEqual(second);
    expect(settle({ lease: second.lease, state: undefined }, now)).toEqual(second);
  });

  it.each([
    ["nothing", { lease: undefined, state: undefined }],
    ["a running listener", story(start, running)],
    ["a closed one", story(start, running, ...ends.slice(2, 3))],
    ["a state whose lease was taken away", { ...story(start, running), lease: undefined }],
    [
      "a released lease whose state was taken away",
      { ...story(start, ...ends.slice(0, 1)), state: undefined },
    ],
  ])("changes nothing about %s", (_what, records) => {
    expect(settle(records, now)).toBe(records);
  });

  it("takes a lease that a person made inactive for a close by hand", () => {
    const { lease, state } = story(start, running);
    if (lease === undefined) throw new Error("no lease");
    const settled = settle({ lease: { ...lease, status: "inactive" }, state }, now);
    expect(settled.lease).toMatchObject({ status: "inactive", released: now });
    expect(settled.state).toMatchObject({
      status: "stopped",
      lease_active: false,
      last_event: "close",
      cause: "closed by hand (lease.yaml was edited)",
    });
    expect(historyEntry(settled)?.text).toBe("by hand (lease.yaml was edited)");
  });
});
