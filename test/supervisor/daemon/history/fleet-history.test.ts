import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HandledReport } from "../../../../shared/contract/intake-report.ts";
import { FleetHistory } from "../../../../supervisor/daemon/history/fleet-history.ts";
import type { BotView, FleetEvent } from "../../../../supervisor/fleet/bot-view.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { eventually } from "../../../support/program.ts";
import { recordingLog } from "../../../support/recording-log.ts";
import { botView } from "../bot-view.ts";

const minuteMs = 60_000;
let stateDir: string;
let clock: ManualClock;
let log: ReturnType<typeof recordingLog>;
let view: BotView;
let tell: (event: FleetEvent) => void;
let history: FleetHistory;
let memoryBytes: number | undefined;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "history-"));
  clock = new ManualClock();
  log = recordingLog();
  view = botView("treasury");
  memoryBytes = undefined;
  history = await open();
});

afterEach(async () => {
  await history.close();
  rmSync(stateDir, { recursive: true, force: true });
});

function open(): Promise<FleetHistory> {
  const fleet = {
    list: () => [view],
    watch(watcher: (event: FleetEvent) => void) {
      tell = watcher;
      return () => undefined;
    },
  };
  return FleetHistory.open({ stateDir, fleet, memoryOf: () => memoryBytes, clock, log });
}

function says(change: Partial<BotView>): void {
  view = { ...view, ...change };
  tell({ type: "bot", bot: view });
}

/** @param within cumulative, as bots report it */
function handled(count: number, within: HandledReport["within"] = [[1, count]], depth = 0): void {
  const report = { count, failedAttempts: 0, seconds: count, within };
  const intake = {
    depth,
    running: 0,
    oldestUnhandledAt: null,
    deadLetterCount: 0,
    deadLetters: [],
  };
  says({ intake: { ...intake, handled: report } });
}

const minutes = (since = 0) => history.read({ since }).bots["treasury"] ?? [];

describe("the history of a fleet", () => {
  it("counts what was handled in each minute, by how long it took", async () => {
    handled(2, [
      [1, 1],
      [5, 2],
    ]);
    handled(3, [
      [1, 1],
      [5, 2],
    ]);
    await clock.advance(minuteMs);
    handled(6, [
      [1, 4],
      [5, 5],
    ]);
    expect(minutes().map(({ handled: count, took }) => [count, took])).toEqual([
      [
        3,
        [
          [1, 1],
          [5, 1],
          [null, 1],
        ],
      ],
      [3, [[1, 3]]],
    ]);
  });

  it("begins at zero again with a new process, and takes no report twice", () => {
    handled(5);
    says({ pid: 2 });
    handled(2);
    expect(minutes().map((minute) => minute.handled)).toEqual([7]);
  });

  it("counts errors since it looks, not those of the day before, nor less when old ones are forgotten", async () => {
    says({ errors: { network: 40 }, polling: { state: "polling" } });
    says({ errors: { network: 41 } });
    await clock.advance(minuteMs);
    says({ errors: { network: 12, conflict: 2 } });
    says({ errors: { network: 13, conflict: 2 } });
    expect(minutes().map(({ errors }) => errors)).toEqual([
      { network: 1 },
      { conflict: 2, network: 1 },
    ]);
  });

  it("misses no error of a bot that had none before", () => {
    says({ errors: {}, polling: { state: "starting" } });
    says({ errors: {}, polling: { state: "polling" } });
    says({ errors: { conflict: 1 } });
    expect(minutes().map(({ errors }) => errors)).toEqual([{ conflict: 1 }]);
  });

  it("keeps the highest of what waits and of the memory", async () => {
    memoryBytes = 80;
    handled(1, [[1, 1]], 9);
    handled(1, [[1, 1]], 2);
    await clock.advance(20_000);
    memoryBytes = 60;
    await clock.advance(15_000);
    expect(minutes().map(({ waiting, memoryBytes: used }) => [waiting, used])).toEqual([[9, 80]]);
  });

  it("keeps six hours, and tells those since an instant", async () => {
    for (let minute = 0; minute < 400; minute += 1) {
      handled(minute + 1);
      await clock.advance(minuteMs);
    }
    expect(minutes().length).toBeLessThanOrEqual(360);
    expect(minutes(clock.now() - 3 * minuteMs)).toHaveLength(3);
  });

  it("is there after a restart, also after a kill but for the last minutes, for its owner alone", async () => {
    handled(4);
    await clock.advance(5 * minuteMs);
    const path = join(stateDir, "supervisor/history.json");
    await eventually(
      () => existsSync(path),
      () => "saved",
    );
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      bots: { treasury: [{ handled: 4 }] },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    handled(5);
    await history.close();
    history = await open();
    expect(minutes().reduce((sum, minute) => sum + (minute.handled ?? 0), 0)).toBe(5);
  });

  it("sets a broken file aside and begins anew", async () => {
    await history.close();
    writeFileSync(
      join(stateDir, "supervisor/history.json"),
      '{"version":1,"bots":{"x":[{"at":"?"}]}}',
    );
    history = await open();
    expect(minutes()).toEqual([]);
    expect(log.of("error").join("\n")).toContain("set aside");
  });
});
