import { describe, expect, it } from "vitest";
import type { LaneTask } from "../../shared/dispatch/lane-group.ts";
import { type LaneLimits, Lanes } from "../../shared/dispatch/lanes.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { seededRandom } from "../support/seeded-random.ts";

const limits: LaneLimits = {
  concurrency: 3,
  urgentConcurrency: 4,
  urgentPerLane: 2,
  capacity: 10,
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tasks that run until the test ends them, by name. */
class Work {
  readonly started: string[] = [];
  readonly running = new Set<string>();
  private readonly ends = new Map<string, (againInMs?: number) => void>();

  task(key: string, name: string): LaneTask {
    return {
      key,
      run: (signal) =>
        new Promise((resolve) => {
          this.started.push(name);
          this.running.add(name);
          const end = (againInMs?: number): void => {
            this.running.delete(name);
            resolve(againInMs);
          };
          this.ends.set(name, end);
          signal.addEventListener("abort", () => {
            end();
          });
        }),
    };
  }

  async end(name: string, againInMs?: number): Promise<void> {
    this.ends.get(name)?.(againInMs);
    await settle();
  }
}

describe("lanes", () => {
  it("run one task of a conversation at a time and several conversations at once, up to the cap", async () => {
    const lanes = new Lanes(new ManualClock(), limits);
    const work = new Work();
    for (const name of ["a1", "a2", "b1", "c1", "d1"]) {
      lanes.put(work.task(name[0] ?? "", name), "ordinary");
    }
    expect(work.started).toEqual(["a1", "b1", "c1"]);
    await work.end("a1");
    expect(work.started).toEqual(["a1", "b1", "c1", "d1"]);
    await work.end("b1");
    expect(work.started.at(-1)).toBe("a2");
  });

  it("take turns: one busy conversation does not keep the others waiting", async () => {
    const lanes = new Lanes(new ManualClock(), { ...limits, concurrency: 1 });
    const work = new Work();
    for (const name of ["a1", "a2", "a3", "b1", "c1"]) {
      lanes.put(work.task(name[0] ?? "", name), "ordinary");
    }
    for (let count = 0; count < 5; count += 1) await work.end(work.started.at(-1) ?? "");
    expect(work.started).toEqual(["a1", "b1", "c1", "a2", "a3"].toSorted(byTurn));
  });

  it("start urgent tasks beside everything else, without waiting for each other, up to a cap of their own", () => {
    const lanes = new Lanes(new ManualClock(), limits);
    const work = new Work();
    for (const name of ["a1", "b1", "c1", "d1"]) {
      lanes.put(work.task(name[0] ?? "", name), "ordinary");
    }
    for (const name of ["au1", "au2", "au3", "bu1", "cu1"]) {
      lanes.put(work.task(name[0] ?? "", name), "urgent");
    }
    expect(work.started).toEqual(["a1", "b1", "c1", "au1", "au2", "bu1", "cu1"]);
  });

  it("run a task again before anything behind it, and give its place under the cap to others meanwhile", async () => {
    const clock = new ManualClock();
    const lanes = new Lanes(clock, { ...limits, concurrency: 1 });
    const work = new Work();
    for (const name of ["a1", "a2", "b1"]) {
      lanes.put(work.task(name[0] ?? "", name), "ordinary");
    }
    await work.end("a1", 500);
    expect(work.started).toEqual(["a1", "b1"]);
    await work.end("b1");
    await clock.advance(499);
    expect(work.started).toEqual(["a1", "b1"]);
    await clock.advance(1);
    expect(work.started).toEqual(["a1", "b1", "a1"]);
    await work.end("a1");
    expect(work.started.at(-1)).toBe("a2");
  });

  it("forget a conversation that has no work", async () => {
    const clock = new ManualClock();
    const lanes = new Lanes(clock, limits);
    const work = new Work();
    for (let chat = 0; chat < 500; chat += 1) {
      lanes.put(work.task(String(chat), `t${chat}`), chat % 2 === 0 ? "ordinary" : "urgent");
      await work.end(`t${chat}`);
    }
    expect([lanes.laneCount, lanes.held, clock.pendingTimers]).toEqual([0, 0, 0]);
  });

  it("make the reader wait while they hold too much, and let it go on one by one", async () => {
    const lanes = new Lanes(new ManualClock(), limits);
    const work = new Work();
    const { signal } = new AbortController();
    for (let name = 0; name < 10; name += 1) {
      await lanes.ready(signal);
      lanes.put(work.task("a", String(name)), "ordinary");
    }
    let isReady = false;
    const waiting = (async () => {
      await lanes.ready(signal);
      isReady = true;
    })();
    await settle();
    expect(isReady).toBe(false);
    await work.end("0");
    await waiting;
    expect(isReady).toBe(true);
  });

  it("do not make a stopping reader wait", async () => {
    const lanes = new Lanes(new ManualClock(), { ...limits, capacity: 0 });
    const controller = new AbortController();
    const waiting = lanes.ready(controller.signal);
    controller.abort(new Error("stop"));
    await expect(waiting).resolves.toBeUndefined();
  });

  it("drain: nothing starts, running tasks may end, and after the deadline they are broken off", async () => {
    const clock = new ManualClock();
    const lanes = new Lanes(clock, limits);
    const work = new Work();
    for (const name of ["a1", "a2", "b1", "c1"]) {
      lanes.put(work.task(name[0] ?? "", name), "ordinary");
    }
    await work.end("c1", 100);
    const draining = lanes.drain(3_000);
    await work.end("a1");
    await clock.advance(2_999);
    expect([...work.running]).toEqual(["b1"]);
    await clock.advance(1);
    // a2 and c1 are left; b1 was broken off.
    expect(await draining).toBe(2);
    expect(work.started).toEqual(["a1", "b1", "c1"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("drain at once when nothing runs", async () => {
    const clock = new ManualClock();
    expect(await new Lanes(clock, limits).drain(3_000)).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("keep the order of every conversation and the cap, whatever ends when", async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seededRandom(seed);
      const clock = new ManualClock();
      const lanes = new Lanes(clock, { ...limits, capacity: 1_000 });
      const work = new Work();
      const ended: string[] = [];
      for (let step = 0; step < 300; step += 1) {
        if (random() < 0.5) {
          const key = "abcdef"[Math.floor(random() * 6)] ?? "a";
          lanes.put(work.task(key, `${key}${String(step).padStart(3, "0")}`), "ordinary");
        }
        const names = [...work.running];
        expect(names.length).toBeLessThanOrEqual(3);
        expect(new Set(names.map((name) => name[0])).size).toBe(names.length);
        const name = names[Math.floor(random() * names.length * 1.5)];
        if (name === undefined) continue;
        const again = random() < 0.2 ? Math.floor(random() * 50) : undefined;
        await work.end(name, again);
        if (again === undefined) ended.push(name);
        if (random() < 0.3) await clock.advance(60);
      }
      for (const key of "abcdef") {
        const own = ended.filter((name) => name.startsWith(key));
        expect(own, `seed ${seed}`).toEqual(own.toSorted());
      }
    }
  });
});

/** By turn of the round robin, then by conversation. */
function byTurn(a: string, b: string): number {
  return (a[1] ?? "").localeCompare(b[1] ?? "") || a.localeCompare(b);
}
