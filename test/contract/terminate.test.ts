import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { identifyProcess, type ProcessIdentity } from "../../shared/process/identity.ts";
import { findMarked, type Mark, markEnvironment } from "../../shared/process/marker.ts";
import { sweepMarked, terminateTree } from "../../shared/process/terminate.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../support/fixture-process.ts";
import { processesWith } from "../support/proc.ts";
import { repositoryRoot } from "../support/program.ts";

const isLinux = process.platform === "linux";
const clock = systemClock;
let count = 0;
let tree = "";
const folder = mkdtempSync(join(tmpdir(), "terminate-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

afterEach(async () => {
  await killFixtures();
  for (const pid of isLinux ? processesWith(tree) : []) process.kill(pid, "SIGKILL");
});

interface Tree {
  readonly root: FixtureProcess;
  readonly identity: ProcessIdentity;
  readonly isMarked: (mark: Mark) => boolean;
}

/** Starts a tree and waits until all of it is there; TREE finds also those whose mark is gone. */
async function startTree(manner: string, kinds: readonly string[], detached = true): Promise<Tree> {
  count += 1;
  tree = `TREE=tree-${process.pid}-${count}.`;
  const fleet = `fleet-${process.pid}-${count}`;
  const roll = join(folder, `roll-${count}`);
  writeFileSync(roll, "");
  const root = startFixture("tree.mjs", [manner, ...kinds], {
    detached,
    env: { ...markEnvironment(fleet, "main"), TREE: tree.slice("TREE=".length), TREE_ROLL: roll },
  });
  await root.next("ready");
  // All are there and what they are to be; the one that forks and ends has the same mark, and has ended.
  const whole = kinds.length + 1;
  while (readFileSync(roll, "utf8").split("\n").length - 1 < whole) await clock.sleep(10);
  while (processesWith(tree).length > whole) await clock.sleep(10);
  const identity = identifyProcess(root.pid);
  if (identity === undefined) throw new Error("the root has ended");
  return { root, identity, isMarked: (mark) => mark.fleet === fleet };
}

const allKinds = ["same-group", "own-session", "double-fork"];

describe.skipIf(!isLinux)("terminateTree (Linux: it reads /proc)", () => {
  it("lets a polite tree end by itself and finds those in sessions of their own", async () => {
    const { identity, isMarked } = await startTree("polite", allKinds);
    const report = await terminateTree({
      identity,
      markPredicate: isMarked,
      graceMs: 5_000,
      clock,
    });
    expect(processesWith(tree)).toEqual([]);
    expect(report.root).toBe("ended");
    expect(report.survivors).toHaveLength(2);
    expect(report.tookMs).toBeLessThan(5_000);
  });

  it("kills a stubborn tree after its grace, and nothing is left", async () => {
    const { identity, isMarked } = await startTree("stubborn", allKinds);
    const report = await terminateTree({ identity, markPredicate: isMarked, graceMs: 300, clock });
    expect(processesWith(tree)).toEqual([]);
    expect(report.root).toBe("killed");
    expect(report.tookMs).toBeGreaterThanOrEqual(300);
  });

  it("gives nobody the time to go on when its child is killed", async () => {
    count += 1;
    tree = `TREE=tree-${process.pid}-${count}.`;
    const file = join(folder, `went-on-${count}`);
    writeFileSync(file, "");
    const program = join(repositoryRoot, "test/fixtures/goes-on.sh");
    const env = { ...process.env, TREE: tree.slice("TREE=".length) };
    const root = spawn(program, [file], { detached: true, stdio: "ignore", env });
    while (processesWith(tree).length < 61) await clock.sleep(10);
    const identity = identifyProcess(root.pid ?? 0);
    if (identity === undefined) throw new Error("the root has ended");
    expect((await terminateTree({ identity, graceMs: 50, clock })).root).toBe("killed");
    expect(readFileSync(file, "utf8")).toBe("");
    expect(processesWith(tree)).toEqual([]);
  });

  it("finds by descent who has thrown its mark away", async () => {
    const { identity } = await startTree("stubborn", ["no-mark"]);
    await terminateTree({ identity, graceMs: 100, clock });
    expect(processesWith(tree)).toEqual([]);
  });

  it("does not wait out the grace when told not to", async () => {
    const { identity, isMarked } = await startTree("stubborn", allKinds);
    const force = new AbortController();
    const startedMs = clock.monotonic();
    const work = terminateTree({
      identity,
      markPredicate: isMarked,
      graceMs: 30_000,
      clock,
      signal: force.signal,
    });
    await clock.sleep(100);
    force.abort();
    expect((await work).root).toBe("killed");
    expect(clock.monotonic() - startedMs).toBeLessThan(5_000);
    expect(processesWith(tree)).toEqual([]);
  });

  it("ends a suspended process in order", async () => {
    const { identity, root } = await startTree("polite", []);
    root.child.kill("SIGSTOP");
    const report = await terminateTree({ identity, graceMs: 5_000, clock });
    expect(report.root).toBe("ended");
    expect(report.tookMs).toBeLessThan(5_000);
  });

  it("clears up after a root that crashed", async () => {
    const { identity, isMarked, root } = await startTree("stubborn", allKinds);
    await root.kill();
    const report = await terminateTree({ identity, markPredicate: isMarked, graceMs: 200, clock });
    expect(report.root).toBe("gone");
    expect(report.survivors).toHaveLength(3);
    expect(processesWith(tree)).toEqual([]);
  });

  it("never signals its own group for a target in it", async () => {
    const { identity, isMarked } = await startTree("stubborn", ["same-group"], false);
    await terminateTree({ identity, markPredicate: isMarked, graceMs: 100, clock });
    expect(processesWith(tree)).toEqual([]);
  });

  it("never signals a stranger who has the pid by now", async () => {
    const { identity, root } = await startTree("polite", []);
    const before = { ...identity, startTicks: (identity.startTicks ?? 0) - 1 };
    const report = await terminateTree({ identity: before, graceMs: 50, clock });
    expect(report).toMatchObject({ root: "gone", survivors: [] });
    expect(root.child.exitCode ?? root.child.signalCode).toBeNull();
    expect(identifyProcess(root.pid)).toEqual(identity);
  });

  it("refuses what it cannot identify", async () => {
    const { identity } = await startTree("polite", []);
    const elsewhere = { ...identity, pidNamespace: "pid:[1]" };
    await expect(terminateTree({ identity: elsewhere, graceMs: 50, clock })).rejects.toThrow(
      /cannot be identified from here/,
    );
    expect(identifyProcess(identity.pid)).toEqual(identity);
  });
});

describe.skipIf(!isLinux)("sweepMarked (Linux: it reads /proc)", () => {
  it("ends all that bear the mark and nobody else", async () => {
    const other = await startTree("polite", []);
    const { isMarked, root } = await startTree("polite", allKinds);
    expect(findMarked(isMarked)).toHaveLength(4);
    const ended = await sweepMarked(isMarked, { graceMs: 2_000, clock });
    expect(ended.map(({ pid }) => pid)).toContain(root.pid);
    expect(ended).toHaveLength(4);
    expect(processesWith(tree)).toEqual([]);
    expect(identifyProcess(other.root.pid)).toEqual(other.identity);
  });

  it("takes next to no time when there is nobody", async () => {
    const startedMs = clock.monotonic();
    expect(await sweepMarked(({ fleet }) => fleet === "none", { graceMs: 60_000, clock })).toEqual(
      [],
    );
    expect(clock.monotonic() - startedMs).toBeLessThan(10_000);
  });
});
