import { describe, expect, it } from "vitest";
import { Counters, type Marks } from "../../../supervisor/sandbox/persistence/counters.ts";

describe("counters", () => {
  it("save a mark before they give out the ids below it, once per 1,000", () => {
    const saved: Marks[] = [];
    const counters = new Counters((marks) => saved.push(marks));
    const given = Array.from({ length: 1001 }, () => counters.next("a", () => 5));
    expect([given[0], given.at(-1)]).toEqual([5, 1005]);
    expect(saved).toEqual([{ a: 1005 }, { a: 2005 }]);
  });

  it("go on at the mark after a kill: no id comes twice", () => {
    let disk: Marks = {};
    const save = (marks: Marks): void => {
      disk = marks;
    };
    const seen = new Set<number>();
    for (let life = 0; life < 5; life += 1) {
      const counters = new Counters(save, disk);
      for (let id = 0; id < 300 * life; id += 1) {
        const next = counters.next("a", () => 1);
        expect(seen.has(next)).toBe(false);
        seen.add(next);
      }
    }
  });

  it("go on without a gap after a clean stop", () => {
    const counters = new Counters();
    counters.next("a", () => 1);
    expect(new Counters(() => {}, counters.exact()).next("a", () => 1)).toBe(2);
  });

  it("reserve again after a jump", () => {
    const saved: Marks[] = [];
    const counters = new Counters((marks) => saved.push(marks));
    counters.next("a", () => 1);
    counters.jump("a", 500_000);
    expect(counters.next("a", () => 1)).toBe(500_000);
    expect(saved.at(-1)).toEqual({ a: 501_000 });
  });

  it("are apart by name", () => {
    const counters = new Counters();
    expect([counters.next("a", () => 1), counters.next("b", () => 7)]).toEqual([1, 7]);
  });
});
