import { describe, expect, it } from "vitest";
import {
  abovePrice,
  amountNeeded,
  amountOut,
  belowPrice,
} from "../../../shared/chain/amounts/pool-math.ts";
import { seededRandom } from "../../support/seeded-random.ts";

describe("the mathematics of a pair", () => {
  it.each([
    { given: 1_000n, reserves: [1_000_000n, 1_000_000n], gives: 996n },
    {
      given: 10n ** 18n,
      reserves: [5n * 10n ** 18n, 10n ** 19n],
      gives: 1_662_497_915_624_478_906n,
    },
    { given: 10n ** 18n, reserves: [10n ** 19n, 5n * 10n ** 18n], gives: 453_305_446_940_074_565n },
    { given: 0n, reserves: [10n, 10n], gives: 0n },
    { given: 5n, reserves: [0n, 10n], gives: 0n },
    { given: 1n, reserves: [10n ** 30n, 1n], gives: 0n },
  ] as const)("gives $gives for $given", ({ given, reserves: [reserveIn, reserveOut], gives }) => {
    expect(amountOut(given, reserveIn, reserveOut)).toBe(gives);
  });

  it.each([
    // PancakeSwap v2: 9975 of 10,000; source: PancakeLibrary.getAmountOut.
    [25n, 10n ** 18n, 1_663_192_997_082_117_548n],
    [30n, 10n ** 18n, 1_662_497_915_624_478_906n],
    [0n, 10n ** 18n, 1_666_666_666_666_666_666n],
  ])("keeps a fee of %d of 10,000", (fee, given, gives) => {
    expect(amountOut(given, 5n * 10n ** 18n, 10n ** 19n, fee)).toBe(gives);
  });

  it("needs so much for a wanted amount that one unit less would not do", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 2_000; round += 1) {
      const reserveIn = BigInt(Math.floor(random() * 1e15)) + 10n;
      const reserveOut = BigInt(Math.floor(random() * 1e15)) + 10n;
      const wanted = BigInt(Math.floor(random() * Number(reserveOut - 1n))) + 1n;
      const needed = amountNeeded(wanted, reserveIn, reserveOut);
      if (needed === undefined) throw new Error("the pair has that much");
      expect(amountOut(needed, reserveIn, reserveOut)).toBeGreaterThanOrEqual(wanted);
      // The contract adds 1 also where nothing was rounded.
      expect(amountOut(needed - 2n, reserveIn, reserveOut)).toBeLessThan(wanted);
    }
  });

  it("has no amount for more than the pair holds", () => {
    expect(amountNeeded(10n, 100n, 10n)).toBeUndefined();
  });

  it("never lets the product of the reserves shrink", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2_000; round += 1) {
      const [a, b] = [
        BigInt(Math.floor(random() * 1e12)) + 1n,
        BigInt(Math.floor(random() * 1e12)) + 1n,
      ];
      const given = BigInt(Math.floor(random() * 1e12));
      expect((a + given) * (b - amountOut(given, a, b))).toBeGreaterThanOrEqual(a * b);
    }
  });

  it.each([
    { paid: 100n, below: 50n, above: 50n },
    { paid: 100_000n, below: 934n, above: 1_030n },
    { paid: 1_000_000n, below: 5_008n, above: 10_030n },
    { paid: 0n, below: 0n, above: 0n },
  ])("tells how far from the price a trade of $paid is, its fee included", (trade) => {
    const [reserveIn, reserveOut] = [1_000_000n, 2_000_000n];
    const got = amountOut(trade.paid, reserveIn, reserveOut);
    const fill = { paid: trade.paid, got, reserveIn, reserveOut };
    expect([belowPrice(fill), abovePrice(fill)]).toEqual([trade.below, trade.above]);
  });
});
