import { afterEach, beforeEach, expect, it } from "vitest";
import { backfill } from "../../../bots/treasury/past/backfill.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const { signal } = new AbortController();
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives();
});

afterEach(() => {
  lives.remove();
});

it("compares every asset with itself a day ago, also a token that shares the coin's price", async () => {
  const treasury = await lives.begin();
  await backfill(treasury, signal);
  const page = treasury.page("Treasury", await treasury.look(signal));
  const rows = [...page.matchAll(/^\| (\w+) \|.*\| ([+-][\d.]+) % \|$/gm)];
  expect(rows.map(([, label]) => label)).toEqual(["sETH", "SIM", "wsETH", "sUSD"]);
  // What moves in the market within a day is far less than a price of something else.
  for (const [, , change] of rows) expect(Math.abs(Number(change))).toBeLessThan(60);
});

it("values a whole by its parts, exactly", async () => {
  const treasury = await lives.begin();
  const { holdings, value } = await treasury.look(signal);
  expect(holdings.map((each) => each.value ?? -1n).reduce((a, b) => a + b)).toBe(value);
  for (const { perWallet, total } of holdings)
    expect(perWallet.map(({ amount }) => amount).reduce((a, b) => a + b)).toBe(total);
});
