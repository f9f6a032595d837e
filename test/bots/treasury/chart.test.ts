import { decode } from "fast-png";
import { expect, it } from "vitest";
import { valueChart } from "../../../bots/treasury/chart/value-chart.ts";

const words = { title: "Treasury in USDC", subtitle: "Last day", decimals: 6, zone: "UTC" };
const samples = (values: readonly bigint[]) =>
  values.map((value, index) => ({ atMs: index * 300_000, value, values: {} }));

it.each([
  ["a course", [100n, 90n, 120n, 110n].map((value) => value * 10n ** 6n)],
  ["a value that stays", [5n, 5n]],
  ["nothing at all", [0n, 0n, 0n]],
  ["more than a number can hold", [10n ** 40n, 10n ** 40n + 10n ** 38n]],
])("draws %s as a readable picture", (_, values) => {
  const picture = decode(valueChart(samples(values), words));
  expect([picture.width, picture.height, picture.channels]).toEqual([1_000, 560, 3]);
  const blue = Array.from({ length: 560_000 }, (_none, point) => point * 3).filter(
    (at) => picture.data[at] === 38 && picture.data[at + 2] === 217,
  );
  expect(blue.length).toBeGreaterThan(1_500);
});
