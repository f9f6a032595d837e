import { beforeEach, describe, expect, it } from "vitest";
import { identifySelf } from "../../../../shared/process/identity.ts";
import type { ProcessStat } from "../../../../shared/process/proc-stat.ts";
import { UsageMeter } from "../../../../supervisor/daemon/status/usage-meter.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

let clock: ManualClock;
let table: Map<number, ProcessStat>;
let looks: number;
let meter: UsageMeter;

function run(pid: number, parentPid: number, facts: Partial<ProcessStat> = {}): void {
  table.set(pid, {
    pid,
    command: "x",
    state: "S",
    parentPid,
    processGroup: pid,
    cpuTicks: 0,
    threads: 1,
    startTicks: pid,
    residentPages: 10,
    ...facts,
  });
}

const root = (pid: number) => ({ ...identifySelf(), pid, startTicks: pid });
const roots = new Map([
  ["", root(100)],
  ["main", root(200)],
]);

beforeEach(() => {
  clock = new ManualClock();
  table = new Map();
  looks = 0;
  const readTable = (): Map<number, ProcessStat> => {
    looks += 1;
    return new Map(table);
  };
  meter = new UsageMeter({ clock, readTable, pageBytes: 1_000 });
  run(100, 1, { processGroup: 99 });
  run(200, 100);
  run(201, 200);
  run(202, 1, { processGroup: 200 });
  run(300, 1);
});

describe("what bots use", () => {
  it("is that of the process, its children and its group; the supervisor's is its own alone", () => {
    meter.look(roots, 0);
    expect(meter.of("main")).toEqual({
      memoryBytes: 30_000,
      cpuPercent: null,
      processes: 3,
      suspended: false,
    });
    expect(meter.of("")).toMatchObject({ memoryBytes: 10_000, processes: 1 });
  });

  it("counts CPU between two looks, of new processes from their start, of dead ones no more", async () => {
    run(201, 200, { cpuTicks: 5_000 });
    meter.look(roots, 0);
    await clock.advance(10_000);
    run(200, 100, { cpuTicks: 100 });
    run(203, 200, { cpuTicks: 50 });
    table.delete(201);
    meter.look(roots, 0);
    // 150 ticks of 10 ms in 10 s.
    expect(meter.of("main")?.cpuPercent).toBe(15);
  });

  it("is not looked at again so soon", async () => {
    meter.look(roots, 1_000);
    meter.look(roots, 1_000);
    expect(looks).toBe(1);
    await clock.advance(1_000);
    meter.look(roots, 1_000);
    expect(looks).toBe(2);
  });

  it("is nothing for a pid that is another's by now, and tells a suspended one", () => {
    run(200, 100, { startTicks: 7 });
    meter.look(roots, 0);
    expect(meter.of("main")).toBeUndefined();
    run(200, 100, { state: "T" });
    meter.look(roots, 0);
    expect(meter.of("main")?.suspended).toBe(true);
  });
});
