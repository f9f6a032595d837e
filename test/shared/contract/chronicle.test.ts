import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Chronicle } from "../../../shared/contract/chronicle/chronicle.ts";
import {
  chroniclePath,
  olderChroniclePath,
} from "../../../shared/contract/chronicle/chronicle-line.ts";
import { ChronicleReader } from "../../../shared/contract/chronicle/read-chronicle.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../../support/recording-log.ts";

let stateDir: string;
let path: string;
let clock: ManualClock;
let log: RecordingLog;
let opened: Chronicle[];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "chronicle-"));
  path = chroniclePath(stateDir, "main");
  clock = new ManualClock();
  log = recordingLog();
  opened = [];
});
afterEach(() => {
  for (const chronicle of opened) chronicle.close();
  rmSync(stateDir, { recursive: true });
});

function open(limitBytes?: number): Chronicle {
  const limit = limitBytes === undefined ? {} : { limitBytes };
  const chronicle = new Chronicle({ path, clock, log, ...limit });
  opened.push(chronicle);
  return chronicle;
}

const read = (): Promise<ChronicleReader> => ChronicleReader.read(path);

describe("a chronicle", () => {
  it("tells one that is handled at once by one line, and a slow one when it is still at work", async () => {
    const chronicle = open();
    const startMs = clock.now();
    chronicle.begin(7);
    chronicle.begin(8);
    await clock.advance(3);
    chronicle.end(7, 1);
    await clock.advance(97);
    await clock.advance(100);
    expect((await read()).find(["began", "ended"])).toEqual([
      { t: "ended", at: startMs + 3, u: 7, ms: 3 },
      { t: "began", at: startMs, u: 8 },
    ]);
    chronicle.end(8, 2, 'it said "no"');
    await clock.advance(100);
    expect((await read()).find(["ended"], 8)).toEqual([
      { t: "ended", at: startMs + 200, u: 8, ms: 200, attempt: 2, error: 'it said "no"' },
    ]);
  });

  it("what is noted is written when the event loop has turned, without any wait", async () => {
    const chronicle = open();
    chronicle.note({ t: "known", at: 1, u: 5 });
    await setImmediate();
    expect((await read()).find(["known"])).toEqual([{ t: "known", at: 1, u: 5 }]);
  });

  it("gathers those that are left to others into one line", async () => {
    const chronicle = open();
    for (const update of [1, 2, 3]) chronicle.leave(update);
    await clock.advance(100);
    expect((await read()).find(["left"])).toEqual([{ t: "left", at: clock.now(), u: [1, 2, 3] }]);
  });

  it("is bounded: one older file is kept, and each begins with the process that writes", async () => {
    const chronicle = open(2_000);
    for (let update = 0; update < 500; update += 1) {
      chronicle.note({ t: "known", at: update, u: update });
      if (update % 10 === 0) await setImmediate();
    }
    chronicle.close();
    const size = statSync(path).size + statSync(olderChroniclePath(path)).size;
    expect(size).toBeLessThan(6_000);
    const found = (await read()).find(["known"]);
    expect(found.at(-1)?.u).toBe(499);
    expect(found.map(({ u }) => u)).toEqual(found.map((_, at) => 500 - found.length + at));
    expect(readFileSync(path, "utf8").trimStart()).toMatch(/^\{"t":"life"/);
  });

  it("goes on behind the half line of a process that died, which counts for nothing", async () => {
    open().close();
    appendFileSync(path, '{"t":"known","at":1,');
    const next = open();
    next.note({ t: "known", at: 2, u: 6 });
    next.close();
    const reader = await read();
    expect(reader.find(["known"])).toEqual([{ t: "known", at: 2, u: 6 }]);
    expect(reader.find(["life"])).toHaveLength(2);
  });

  it("a disk that refuses holds nothing up, and is told once", async () => {
    rmSync(stateDir, { recursive: true });
    appendFileSync(stateDir, "a file where the folder should be");
    const chronicle = open();
    for (let round = 0; round < 3; round += 1) {
      chronicle.begin(round);
      chronicle.end(round, 1);
      await clock.advance(100);
    }
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain("explain will lack it");
    rmSync(stateDir);
    chronicle.note({ t: "known", at: 1, u: 5 });
    await setImmediate();
    expect((await read()).find(["known"])).toHaveLength(1);
    expect(log.lines).toHaveLength(2);
  });

  it("is for its owner alone", () => {
    open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
