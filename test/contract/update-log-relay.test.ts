import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { LogReader } from "../../shared/intake/update-log/log-reader.ts";
import { range } from "../intake/update-log/log-bench.ts";
import { killFixtures, startFixture } from "../support/fixture-process.ts";
import { recordingLog } from "../support/recording-log.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "relay-"));
});
afterEach(async () => {
  await killFixtures();
  rmSync(dir, { recursive: true, force: true });
});

interface Arrival {
  readonly updateId: number;
  /** From the moment before the append. */
  readonly afterMs: number;
}

async function follow(count: number): Promise<Arrival[]> {
  const reader = new LogReader({ dir, clock: systemClock, log: recordingLog() });
  const arrivals: Arrival[] = [];
  for await (const { updateId, update } of reader.follow(0, AbortSignal.timeout(20_000))) {
    const { text = "0" } = "message" in update ? update.message : {};
    arrivals.push({ updateId, afterMs: Number(process.hrtime.bigint() - BigInt(text)) / 1e6 });
    if (arrivals.length === count) break;
  }
  return arrivals;
}

it("reaches the readers of other processes within milliseconds, in order, over many segments", async () => {
  const count = 200;
  // Two bots that listen before the poller of their token ever wrote.
  const readers = [follow(count), follow(count)];
  const appender = startFixture("update-log-appender.ts", [dir, String(count)]);
  for (const arrivals of await Promise.all(readers)) {
    expect(arrivals.map(({ updateId }) => updateId)).toEqual(range(1, count));
    const sorted = arrivals.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b);
    // Measured: 1 ms in the middle. The slow check alone would take seconds.
    expect(sorted[count / 2]).toBeLessThan(100);
  }
  await appender.exited;
});
