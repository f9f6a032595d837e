import { describe, expect, it } from "vitest";
import {
  descendantsOf,
  Family,
  type ProcessTable,
  parentsFirst,
} from "../../shared/process/family.ts";
import type { ProcessStat } from "../../shared/process/proc-stat.ts";

const self = 7;
const root = { pid: 10, startTicks: 100 };

/** `pid: [parent, group, start]`; this process and init are always there. */
function table(rows: Readonly<Record<number, readonly [number, number, number?]>>): ProcessTable {
  const all = { 1: [0, 1], [self]: [1, self], ...rows } as Record<
    number,
    [number, number, number?]
  >;
  return new Map(
    Object.entries(all).map(([pid, [parentPid, processGroup, startTicks = 100]]) => [
      Number(pid),
      {
        pid: Number(pid),
        command: "x",
        state: "S",
        parentPid,
        processGroup,
        cpuTicks: 0,
        threads: 1,
        startTicks,
        residentPages: 1,
      } satisfies ProcessStat,
    ]),
  );
}

const order = (members: readonly ProcessStat[]): number[] => members.map(({ pid }) => pid);
const pids = (members: readonly ProcessStat[]): number[] =>
  order(members).toSorted((a, b) => a - b);

describe("a family of processes", () => {
  it("has root, group and descendants, and no stranger", () => {
    const family = new Family([root], 10, [self]);
    const now = table({
      10: [self, 10],
      11: [10, 10],
      12: [11, 12],
      13: [1, 10],
      20: [1, 20],
      21: [20, 20],
    });
    expect(pids(family.update(now))).toEqual([10, 11, 12, 13]);
  });

  it("keeps whom it has seen when the parent dies", () => {
    const family = new Family([root], 10, [self]);
    family.update(table({ 10: [self, 10], 12: [10, 12] }));
    expect(pids(family.update(table({ 12: [1, 12], 30: [12, 12] })))).toEqual([12, 30]);
  });

  it("keeps the group as long as one known member lives", () => {
    const family = new Family([root], 10, [self]);
    family.update(table({ 10: [self, 10], 11: [10, 10] }));
    expect(pids(family.update(table({ 11: [1, 10], 15: [1, 10] })))).toEqual([11, 15]);
  });

  it("claims nobody in a group of that number once all members are gone", () => {
    const family = new Family([root], 10, [self]);
    family.update(table({ 10: [self, 10] }));
    expect(family.update(table({ 16: [1, 10] }))).toEqual([]);
  });

  it("forgets a pid that another process has by now, with its children", () => {
    const family = new Family([root], 10, [self]);
    expect(family.update(table({ 10: [1, 10, 999], 11: [10, 10, 999] }))).toEqual([]);
  });

  it("takes in the marked if they are who they were", () => {
    const family = new Family([], undefined, [self]);
    const now = table({ 40: [1, 40], 41: [40, 41], 42: [1, 42, 999] });
    const marked = [40, 42, 43].map((pid) => ({ pid, startTicks: 100 }));
    expect(pids(family.update(now, marked))).toEqual([40, 41]);
  });

  it("never has init or this process in it, whatever it is told", () => {
    const family = new Family([{ pid: 6, startTicks: 100 }], undefined, [self]);
    const now = table({ 6: [1, 6], [self]: [6, 6], 1: [0, 1], 8: [self, 8] });
    expect(
      pids(
        family.update(now, [
          { pid: 1, startTicks: 100 },
          { pid: self, startTicks: 100 },
        ]),
      ),
    ).toEqual([6]);
  });
});

describe("the order in which a tree is killed", () => {
  // The kernel begins anew with small numbers: a parent may have a larger one than its child.
  const members = [
    ...table({ 10: [self, 10], 5: [40, 5], 40: [30, 40], 30: [10, 10], 50: [1, 50] }).values(),
  ].filter(({ pid }) => pid !== 1 && pid !== self);

  it("has parents before their children, whatever their numbers", () => {
    expect(order(parentsFirst(members))).toEqual([10, 50, 30, 40, 5]);
  });

  it("comes to an end where pids were given anew while they were read", () => {
    const circle = [...table({ 60: [61, 60], 61: [60, 61], 62: [60, 62] }).values()].slice(2);
    expect(pids(descendantsOf(circle.slice(0, 1), circle))).toEqual([61, 62]);
  });

  it("has those who came from some of them, and no others", () => {
    const roots = members.filter(({ pid }) => pid === 30);
    expect(order(descendantsOf(roots, members))).toEqual([40, 5]);
  });
});
