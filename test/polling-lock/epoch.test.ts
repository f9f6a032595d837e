import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { raiseEpoch } from "../../shared/polling-lock/epoch.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { recordingLog } from "../support/recording-log.ts";

const clock = new ManualClock(Date.UTC(2026, 0, 1));
const seconds = Date.UTC(2026, 0, 1) / 1_000;
let stateDir: string;
let path: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "epoch-"));
  path = join(stateDir, "updates", "42", "epoch");
});
afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

describe("the epoch of a bot", () => {
  it("begins with 1, grows by one, and is on the disk", async () => {
    const log = recordingLog();
    expect(await raiseEpoch(stateDir, 42, log)).toBe(1);
    expect(await raiseEpoch(stateDir, 42, log)).toBe(2);
    expect(readFileSync(path, "utf8")).toBe("2\n");
    expect(await raiseEpoch(stateDir, 43, log)).toBe(1);
    expect(log.lines).toEqual([]);
  });

  it("is greater than any that was seen elsewhere", async () => {
    expect(await raiseEpoch(stateDir, 42, recordingLog(), { greatestSeen: 7 })).toBe(8);
    expect(await raiseEpoch(stateDir, 42, recordingLog(), { greatestSeen: 3 })).toBe(9);
  });

  it.each(["", "abc", "-1", "1.5", "1e3", "99999999999999999999", "1 2"])(
    "goes on from the clock when the file says %j, and keeps the file",
    async (text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const log = recordingLog();
      expect(await raiseEpoch(stateDir, 42, log, { clock })).toBe(seconds + 1);
      expect(await raiseEpoch(stateDir, 42, log, { clock })).toBe(seconds + 2);
      const kept = readdirSync(dirname(path)).filter((name) => name.includes(".broken-"));
      expect(kept.map((name) => readFileSync(join(dirname(path), name), "utf8"))).toEqual([text]);
      expect(log.of("error")).toEqual([expect.stringContaining(`file=${path} movedTo=`)]);
    },
  );

  it("goes on from the clock when a folder is in its place", async () => {
    mkdirSync(path, { recursive: true });
    expect(await raiseEpoch(stateDir, 42, recordingLog(), { clock })).toBe(seconds + 1);
  });
});
