import { describe, expect, it } from "vitest";
import { Snapshots } from "../../../supervisor/sandbox/persistence/snapshots.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

function stage(writeMs = 0): {
  clock: ManualClock;
  snapshots: Snapshots;
  writes: number[];
  log: ReturnType<typeof recordingLog>;
  fail: { next: boolean };
} {
  const clock = new ManualClock();
  const log = recordingLog();
  const writes: number[] = [];
  const fail = { next: false };
  const write = async (): Promise<void> => {
    writes.push(clock.monotonic());
    if (writeMs > 0) await clock.sleep(writeMs);
    if (fail.next) {
      fail.next = false;
      throw new Error("disk full");
    }
  };
  return { clock, log, writes, fail, snapshots: new Snapshots({ clock, log, write }) };
}

describe("snapshots", () => {
  it("come once for many changes, half a second after the first", async () => {
    const { clock, snapshots, writes } = stage();
    for (let change = 0; change < 100; change += 1) snapshots.changed();
    await clock.advance(499);
    expect(writes).toEqual([]);
    await clock.advance(10_000);
    expect(writes).toEqual([500]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("rest 20 times as long as one took", async () => {
    const { clock, snapshots, writes } = stage(100);
    snapshots.changed();
    await clock.advance(600);
    snapshots.changed();
    await clock.advance(10_000);
    expect(writes).toEqual([500, 2600]);
  });

  it("are written at once on demand, and nothing is written twice", async () => {
    const { clock, snapshots, writes } = stage();
    snapshots.changed();
    await snapshots.flush();
    await snapshots.flush();
    await clock.advance(1000);
    expect(writes).toEqual([0]);
  });

  it("are tried again after a failure, which is logged", async () => {
    const { clock, snapshots, writes, fail, log } = stage();
    fail.next = true;
    snapshots.changed();
    await clock.advance(500);
    expect(log.of("error")).toHaveLength(1);
    snapshots.changed();
    await clock.advance(500);
    expect(writes).toEqual([500, 1000]);
  });

  it("end with one more, and no timer", async () => {
    const { clock, snapshots, writes } = stage();
    snapshots.changed();
    await snapshots.close();
    snapshots.changed();
    expect(writes).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });
});
