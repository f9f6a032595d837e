import { describe, expect, it } from "vitest";
import {
  formatEntry,
  historyEntry,
  parseEntry,
} from "../../../../shared/lifecycle/records/history.ts";
import {
  applyEvent,
  type LifecycleEvent,
  type LifecycleRecords,
} from "../../../../shared/lifecycle/records/transitions.ts";

const holder = {
  label: "main",
  pid: 42,
  start_ticks: 7,
  boot_id: null,
  pid_namespace: null,
  net_namespace: null,
  host: "host-a",
};
const start: LifecycleEvent = { type: "start", leaseId: "5f0c", holder, epoch: undefined };
const stopping: LifecycleEvent = { type: "stopping", leaseId: "5f0c", cause: "sigterm" };

/** The line of the last of these events; ten minutes and 1.5 s between two. */
function lineOf(...events: readonly LifecycleEvent[]): string {
  let records: LifecycleRecords = { lease: undefined, state: undefined };
  for (const [index, event] of events.entries()) {
    const now = new Date(Date.UTC(2026, 0, 1) + index * 601_500).toISOString();
    const outcome = applyEvent(records, event, now);
    if (outcome.kind === "refused") throw new Error(outcome.refusal);
    ({ records } = outcome);
  }
  const entry = historyEntry(records);
  if (entry === undefined) throw new Error("no entry");
  const line = formatEntry(entry);
  expect(parseEntry(line)).toEqual(entry);
  return line.replace(/^- \S+ /, "").replace(/ \[lease 5f0c\]$/, "");
}

describe("a line of the history", () => {
  it.each<[string, ...LifecycleEvent[]]>([
    ["**start** main, pid 42 on host-a, epoch 1", start],
    ["**running** 10 min 1 s after the start", start, { type: "running", leaseId: "5f0c" }],
    ["**stopping** sigterm", start, stopping],
    [
      "**stopped** sigterm; 20 min 3 s after the start",
      start,
      stopping,
      { type: "stopped", leaseId: "5f0c", cause: "later" },
    ],
    ["**failed** boom", start, { type: "failed", leaseId: "5f0c", error: "boom" }],
    [
      "**failed** boom, while stopping (sigterm)",
      start,
      stopping,
      { type: "failed", leaseId: "5f0c", error: "boom" },
    ],
    ["**close** by dev", start, { type: "close", by: "dev" }],
    [
      "**crashed** main, pid 42 on host-a, was gone with its lease active; found by pid 43",
      start,
      { type: "crashed", by: "pid 43" },
    ],
    [
      "**crashed** main, pid 42 on host-a, was gone with its lease active, while stopping (sigterm); found by pid 43",
      start,
      stopping,
      { type: "crashed", by: "pid 43" },
    ],
  ])("reads %s", (expected, ...events) => {
    expect(lineOf(...events)).toBe(expected);
  });

  it.each([
    ["a heading", "# History of main"],
    ["a remark of a person", "- it was me, sorry"],
    ["a torn line", "- 2026-01-01T00:00:00.000Z **close** by dev [lease 5f"],
    ["an unknown event", "- 2026-01-01T00:00:00.000Z **moved** x [lease 5f0c]"],
    ["an empty line", ""],
  ])("is not %s", (_what, line) => {
    expect(parseEntry(line)).toBeUndefined();
  });
});
