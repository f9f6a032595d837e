import { describe, expect, it } from "vitest";
import {
  changePercent,
  distinctAmount,
  exactAmount,
  parseAmount,
  priceOf,
  shortAddress,
  shortAmount,
  shortAmountDown,
  shortRatio,
} from "../../../shared/chain/amounts/format-amount.ts";
import { seededRandom } from "../../support/seeded-random.ts";

describe("a change in words", () => {
  it.each([
    [10_000n, 10_125n, "+1.25 %"],
    [10_000n, 9_950n, "-0.5 %"],
    [10_000_000n, 10_000_001n, "+0 %"],
    // A loss that rounds to nothing is still no gain.
    [10_000_000n, 9_999_999n, "-0 %"],
    [10_000n, 10_000n, "+0 %"],
    [0n, 5n, ""],
  ])("from %s to %s is %j", (before, now, words) => {
    expect(changePercent(before, now)).toBe(words);
  });
});

describe("amounts in words", () => {
  it.each([
    [1_234_500_000_000_000_000_000n, 18, "1234.5", "1,234.5"],
    [1n, 18, "0.000000000000000001", "0.000000000000000001"],
    [123_456_789n, 6, "123.456789", "123.4568"],
    [999_999_999n, 6, "999.999999", "1,000"],
    [12_345n, 9, "0.000012345", "0.00001235"],
    [-1_500_000n, 6, "-1.5", "-1.5"],
    [0n, 6, "0", "0"],
    [42n, 0, "42", "42"],
    [2n ** 256n - 1n, 0, String(2n ** 256n - 1n), (2n ** 256n - 1n).toLocaleString("en-US")],
  ])("%d of %d decimals is exactly %s and shortly %s", (amount, decimals, exact, short) => {
    expect(exactAmount(amount, decimals)).toBe(exact);
    expect(shortAmount(amount, decimals)).toBe(short);
  });

  it.each([
    [199_999_999n, 6, "199.9999"],
    [1_234_567_890n, 6, "1,234.5678"],
    [12_399n, 9, "0.00001239"],
    [5_000_000n, 6, "5"],
  ])("%d of %d decimals is at least %s", (amount, decimals, text) => {
    expect(shortAmountDown(amount, decimals)).toBe(text);
  });

  it.each([
    [499_999_999n, 500_000_000n, "0.499999999"],
    [500_000_000n, 499_999_999n, "0.5"],
    [500_000_000n, 500_000_000n, "0.5"],
    [1_499_999_999n, 500_000_000n, "1.5"],
  ])("%d beside %d of 9 decimals is %s", (amount, other, text) => {
    expect(distinctAmount(amount, other, 9)).toBe(text);
  });

  it("reads what it has written, whatever the amount", () => {
    const random = seededRandom(3);
    for (let round = 0; round < 1_000; round += 1) {
      const decimals = Math.floor(random() * 25);
      const amount = BigInt(Math.floor(random() * 2 ** 52)) ** 3n;
      expect(parseAmount(exactAmount(amount, decimals), decimals)).toBe(amount);
    }
  });

  it.each(["", "-1", "1e3", "0x10", "1.", ".5", "1.1234567", "1,23", "1 000", "NaN"])(
    "takes %j for no amount of 6 decimals",
    (text) => {
      expect(parseAmount(text, 6)).toBeUndefined();
    },
  );

  it.each([
    ["1,000.5", 1_000_500_000n],
    [" 7 ", 7_000_000n],
    ["1234567", 1_234_567_000_000n],
  ])("reads %j", (text, amount) => {
    expect(parseAmount(text, 6)).toBe(amount);
  });

  it("tells a price from two amounts of different decimals", () => {
    const price = priceOf(
      { amount: 4n * 10n ** 18n, decimals: 18 },
      { amount: 1_000_000n, decimals: 6 },
    );
    expect(shortRatio(price)).toBe("0.25");
  });

  it("shortens an address", () => {
    expect(shortAddress("0x1234567890123456789012345678901234567abc")).toBe("0x1234…7abc");
  });
});
