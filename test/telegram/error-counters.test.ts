import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ErrorCounters } from "../../shared/telegram/counting/error-counters.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

let folder = "";
let path = "";
const clockAtStart = (): ManualClock => new ManualClock();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "error-counters-"));
  path = join(folder, "errors.json");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const hourMs = 3_600_000;

describe("error counters", () => {
  it("tell totals, the last hour and the last day", async () => {
    const clock = clockAtStart();
    const counters = await ErrorCounters.open({ path, clock, log: recordingLog() });
    counters.count("network");
    await clock.advance(20 * hourMs);
    counters.count("network");
    counters.count("flood");
    await clock.advance(2 * hourMs);
    counters.count("network");
    expect(counters.snapshot()).toEqual({
      sinceMs: Date.UTC(2026, 0, 1),
      totals: { network: 3, flood: 1 },
      lastHour: { network: 1 },
      lastDay: { network: 3, flood: 1 },
    });
    await clock.advance(3 * hourMs);
    expect(counters.snapshot().lastDay).toEqual({ network: 2, flood: 1 });
    await counters.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("survive restarts", async () => {
    const clock = clockAtStart();
    const first = await ErrorCounters.open({ path, clock, log: recordingLog() });
    first.count("auth");
    await first.close();
    const second = await ErrorCounters.open({ path, clock, log: recordingLog() });
    second.count("auth");
    expect(second.snapshot()).toMatchObject({ totals: { auth: 2 }, lastHour: { auth: 2 } });
    await second.close();
  });

  it("are written a little later, once for many errors", async () => {
    const clock = clockAtStart();
    const counters = await ErrorCounters.open({ path, clock, log: recordingLog() });
    for (let times = 0; times < 1000; times += 1) counters.count("network");
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5_000);
    await counters.close();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ totals: { network: 1000 } });
  });

  it("forget single days after a week, but not the totals", async () => {
    const clock = clockAtStart();
    const counters = await ErrorCounters.open({ path, clock, log: recordingLog() });
    for (let day = 0; day < 30; day += 1) {
      counters.count("network");
      await clock.advance(24 * hourMs);
    }
    await counters.close();
    const text = await readFile(path, "utf8");
    expect(text.match(/"\d{10,}":/g)?.length).toBeLessThanOrEqual(8);
    expect(JSON.parse(text)).toMatchObject({ totals: { network: 30 } });
  });

  it.each([
    ["cut JSON", '{"version":1,"tot'],
    ["another version", '{"version":2}'],
    ["negative counts", '{"version":1,"since":0,"totals":{"x":-1},"slots":{}}'],
  ])("set a broken file aside: %s", async (_name, text) => {
    await writeFile(path, text);
    const log = recordingLog();
    const counters = await ErrorCounters.open({ path, clock: clockAtStart(), log });
    expect(counters.snapshot().totals).toEqual({});
    await counters.close();
    const kept = (await readdir(folder)).filter((name) => name.includes("broken"));
    expect(kept).toHaveLength(1);
    expect(await readFile(join(folder, kept[0] ?? ""), "utf8")).toBe(text);
    expect(log.of("warn")).toHaveLength(1);
  });

  it("go on in memory when the disk refuses, say so once, and catch up", async () => {
    const clock = clockAtStart();
    const log = recordingLog();
    await mkdir(path);
    const counters = await ErrorCounters.open({ path, clock, log });
    for (let times = 0; times < 3; times += 1) {
      counters.count("network");
      // Writes at once, and may be called again.
      await counters.close();
    }
    expect(log.of("warn").filter((line) => line.includes("cannot be saved"))).toHaveLength(1);
    await rm(path, { recursive: true, force: true });
    await counters.close();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ totals: { network: 3 } });
  });
});
