import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import {
  identifyProcess,
  identifySelf,
  judge,
  type ProcessIdentity,
} from "../../../shared/process/identity.ts";
import {
  fleetId,
  formatMark,
  markEnvironment,
  markVariable,
} from "../../../shared/process/marker.ts";
import { sweepOrphans } from "../../../supervisor/fleet/orphan-sweep.ts";

const hasProc = process.platform === "linux";
const fleet = fleetId(`/a/state/directory/of/${process.pid}`);
const otherFleet = fleetId("/another/state/directory");

/** A process that has been, and cannot be again: nothing starts at tick 1 of a machine. */
const deadOwner: ProcessIdentity = {
  ...identifySelf(),
  pid: spawnSync(process.execPath, ["-e", "0"]).pid,
  startTicks: 1,
};

const started: ChildProcess[] = [];

/** A process in a session of its own, which says when it is there; `stubborn` ones ignore SIGTERM. */
async function start(
  mark: Readonly<Record<string, string>>,
  options: { readonly stubborn: boolean } = { stubborn: false },
): Promise<ProcessIdentity> {
  const ignore = options.stubborn ? "process.on('SIGTERM', () => 0);" : "";
  const child = spawn(
    process.execPath,
    ["-e", `${ignore} process.stdout.write('here'); setInterval(() => 0, 1000)`],
    { detached: true, stdio: ["ignore", "pipe", "ignore"], env: { ...mark } },
  );
  started.push(child);
  if (child.stdout !== null) await once(child.stdout, "data");
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error("the process ended at once");
  return identity;
}

const sweep = (
  recorded?: Parameters<typeof sweepOrphans>[0]["recorded"],
): ReturnType<typeof sweepOrphans> =>
  sweepOrphans({ fleet, recorded, clock: systemClock, graceMs: 200 });

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

describe.skipIf(!hasProc)("the sweep for orphans (needs /proc to find them)", () => {
  let markOfDead: Readonly<Record<string, string>>;

  beforeEach(() => {
    markOfDead = markEnvironment(fleet, "treasury", deadOwner);
  });

  it("ends what a dead supervisor of this fleet left, also what ignores SIGTERM", async () => {
    const willing = await start(markOfDead);
    const stubborn = await start(markEnvironment(fleet, "main", deadOwner), { stubborn: true });
    const report = await sweep();
    expect(report.problems).toEqual([]);
    expect(report.ended.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "main", pid: stubborn.pid },
      { name: "treasury", pid: willing.pid },
    ]);
    expect([willing, stubborn].map(judge)).toEqual(["dead", "dead"]);
  });

  it("ends the agents and tools of a bot, which name their session too", async () => {
    const agent = { session: "s1", process: "p1" };
    const mark = formatMark({ fleet, bot: "main", owner: deadOwner, agent });
    const tool = await start({ [markVariable]: mark });
    expect(await sweep()).toEqual({ ended: [{ name: "main", pid: tool.pid }], problems: [] });
    expect(judge(tool)).toBe("dead");
  });

  it.each([
    ["whose supervisor lives", () => markEnvironment(fleet, "treasury")],
    ["of another fleet", () => markEnvironment(otherFleet, "treasury", deadOwner)],
    ["that is a stranger", () => ({})],
  ])("leaves a process alone %s", async (_who, mark) => {
    const other = await start(mark());
    expect(await sweep()).toEqual({ ended: [], problems: [] });
    expect(judge(other)).toBe("alive");
  });

  it("ends a recorded process whose mark cannot be read", async () => {
    const unmarked = await start({});
    const bots = [{ name: "treasury", identity: unmarked }];
    const report = await sweep({ owner: deadOwner, bots });
    expect(report).toEqual({ ended: [{ name: "treasury", pid: unmarked.pid }], problems: [] });
    expect(judge(unmarked)).toBe("dead");
  });

  it.each([
    ["when the pid is another's by now", deadOwner, { startTicks: 1 }],
    ["when the supervisor that wrote the record lives", identifySelf(), {}],
  ])("leaves a recorded process alone %s", async (_when, owner, change) => {
    const stranger = await start({});
    const bots = [{ name: "treasury", identity: { ...stranger, ...change } }];
    expect(await sweep({ owner, bots })).toEqual({ ended: [], problems: [] });
    expect(judge(stranger)).toBe("alive");
  });

  it("leaves alone those who carry the mark that we carry ourselves: they may have started us", async () => {
    const sibling = await start(markOfDead);
    Object.assign(process.env, markOfDead);
    try {
      expect(await sweep()).toEqual({ ended: [], problems: [] });
    } finally {
      for (const name of Object.keys(markOfDead)) delete process.env[name];
    }
    expect(judge(sibling)).toBe("alive");
  });
});
