import { expect, it } from "vitest";
import { crossing, type LowState } from "../../../bots/treasury/watch/low-balance.ts";

it("tells a low balance once per crossing, and that it is enough again", () => {
  let state: LowState | undefined;
  const told: string[] = [];
  for (const amount of [5n, 4n, 5n, 7n, 10n, 9n, 9n, 3n, 12n, 10n]) {
    const next = crossing(state, amount, 10n);
    if (next === undefined) continue;
    told.push(`${amount} ${next.isLow} ${next.crossings}`);
    state = next;
  }
  expect(told).toEqual(["5 true 1", "10 false 2", "9 true 3", "12 false 4"]);
});

it("says nothing of a balance that was never low", () => {
  expect(crossing(undefined, 10n, 10n)).toBeUndefined();
});
