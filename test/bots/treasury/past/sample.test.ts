import { describe, expect, it } from "vitest";
import { type Sample, thinned } from "../../../../bots/treasury/past/sample.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const at = (atMs: number): Sample => ({ atMs, value: BigInt(atMs), values: {} });

describe("the history of values", () => {
  it("stays bounded over years, and keeps the near past whole", () => {
    let samples: Sample[] = [];
    const end = 800 * dayMs;
    for (let now = 0; now <= end; now += 30 * minuteMs)
      samples =
        now % dayMs === 0 || now > end - 3 * dayMs
          ? thinned([...samples, at(now)], now)
          : [...samples, at(now)];
    expect(samples.length).toBeLessThan(1_900);
    expect(samples.filter(({ atMs }) => atMs >= end - 2 * dayMs)).toHaveLength(97);
    expect(samples[0]?.atMs).toBeGreaterThanOrEqual(end - 401 * dayMs);
    expect(samples.map(({ atMs }) => atMs)).toEqual(
      samples.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
  });
});
