import { z } from "zod";
import type { Snapshot } from "../holdings/snapshot.ts";

const amount = z
  .string()
  .regex(/^\d{1,80}$/)
  .transform(BigInt);

export const sampleSchema = z.object({
  atMs: z.number(),
  value: amount,
  /** By address, or `coin`: labels need not be unique. Only what had a price. */
  values: z.record(z.string(), amount),
});

/** What the treasury was worth once, in smallest units of its unit. */
export type Sample = z.output<typeof sampleSchema>;

export function sampleOf({ atMs, value, holdings }: Snapshot): Sample {
  const priced = holdings.flatMap((holding): [string, bigint][] =>
    holding.value === undefined ? [] : [[holding.asset.address, holding.value]],
  );
  return { atMs, value, values: Object.fromEntries(priced) };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How far apart samples of some age are kept: [age, distance], both in milliseconds. */
const grid: readonly (readonly [number, number])[] = [
  [2 * dayMs, 0],
  [35 * dayMs, hourMs],
  [400 * dayMs, dayMs],
];

/** Every sample of two days, one an hour of five weeks, one a day of 400 days; older ones are forgotten. */
export function thinned(samples: readonly Sample[], nowMs: number): Sample[] {
  let lastSlot = "";
  return samples.filter(({ atMs }) => {
    const distanceMs = grid.find(([ageMs]) => nowMs - atMs <= ageMs)?.[1];
    if (distanceMs === undefined) return false;
    if (distanceMs === 0) return true;
    const slot = `${distanceMs}/${Math.floor(atMs / distanceMs)}`;
    const isFirst = slot !== lastSlot;
    lastSlot = slot;
    return isFirst;
  });
}
