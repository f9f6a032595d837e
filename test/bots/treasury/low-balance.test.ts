import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crossing } from "../../../bots/treasury/watch/low-balance.ts";
import { lookOnce } from "../../../bots/treasury/watch/watch.ts";
import { TreasuryLives } from "./treasury-lives.ts";

const { signal } = new AbortController();
const whole = 10n ** 18n;
let lives: TreasuryLives;

beforeEach(() => {
  lives = new TreasuryLives({ transfers_from: "1000000000000" });
});

afterEach(() => {
  lives.remove();
});

/** A minute later, a life looks at wallets that hold so much coin; Savings is low below 5. */
async function lookWith(coin: bigint, diesAfterTelling = false): Promise<void> {
  await lives.clock.advance(60_000);
  const treasury = await lives.begin();
  const { chain, memory } = treasury.parts;
  const balance = chain.balance.bind(chain);
  chain.balance = async (owner, asset, ...rest) =>
    asset === "coin" ? coin * whole : balance(owner, asset, ...rest);
  const change = memory.change.bind(memory);
  const toldBefore = lives.told.length;
  memory.change = (next) =>
    diesAfterTelling && lives.told.length > toldBefore
      ? Promise.reject(new Error("killed"))
      : change(next);
  await lookOnce(treasury, signal);
}

const told = (): string[] =>
  lives.told.map(({ text }) =>
    /is low/.test(text) ? "low" : /again/.test(text) ? "enough" : text,
  );

describe("a low balance", () => {
  it("is told once per crossing, and that it is enough again", async () => {
    for (const coin of [5n, 4n, 4n, 7n, 9n, 3n, 12n]) await lookWith(coin);
    expect(told()).toEqual(["low", "enough", "low", "enough"]);
  });

  it("is told again after its memory was set aside", async () => {
    for (const coin of [4n, 7n]) await lookWith(coin);
    writeFileSync(join(lives.dir, "watch.json"), "{ broken");
    for (const coin of [7n, 4n]) await lookWith(coin);
    expect(told()).toEqual(["low", "enough", "low"]);
  });

  it("is told where the process dies while it tells, and the balance recovers meanwhile", async () => {
    await lookWith(7n);
    await expect(lookWith(4n, true)).rejects.toThrow("killed");
    for (const coin of [7n, 4n]) await lookWith(coin);
    expect(told()).toEqual(["low", "enough", "low"]);
  });
});

it("crosses only between low and enough, and says nothing of a balance that was never low", () => {
  expect(crossing(undefined, 10n, 10n)).toBeUndefined();
  expect(crossing(undefined, 9n, 10n)).toEqual({ isLow: true });
  expect(crossing({ isLow: true }, 9n, 10n)).toBeUndefined();
  expect(crossing({ isLow: true }, 10n, 10n)).toEqual({ isLow: false });
});
