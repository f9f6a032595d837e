import { describe, expect, it } from "vitest";
import { TradingTable } from "./trading-table.ts";

const dollar = 10n ** 6n;
/** What the contract of the pair gives for 100 USDC. */
const bought = (99_700n * dollar * 2n * 10n ** 24n) / (1_000n * 10n ** 12n + 99_700n * dollar);

describe("paper trading", () => {
  it("fills as the pair would: fee, slippage and rounding to the last unit", async () => {
    const table = await TradingTable.open();
    await table.press(1, await table.order(1, "buy", "100"));
    expect(table.holds(1)).toMatchObject({ cash: 9_900n * dollar, tokens: bought });
    expect(table.said.join()).toMatch(/Paper trading, no real money.*P1 bought/s);
  });

  it("fills with the fee that the pool has", async () => {
    const table = await TradingTable.open({ pool_fee_percent: 0.25 });
    await table.press(1, await table.order(1, "buy", "100"));
    const paid = 9_975n * 100n * dollar;
    expect(table.holds(1).tokens).toBe((paid * 2n * 10n ** 24n) / (10_000n * 10n ** 12n + paid));
  });

  it("takes a quote once, and says so to who presses again", async () => {
    const table = await TradingTable.open();
    const quote = await table.order(1, "buy", "100");
    await Promise.all([table.press(1, quote), table.press(1, quote), table.press(1, quote)]);
    expect(table.holds(1).cash).toBe(9_900n * dollar);
    expect(table.said.filter((text) => text.includes("bought"))).toHaveLength(1);
    expect(table.alerts.filter((text) => text.includes("traded before, once"))).toHaveLength(2);
  });

  it.each([
    ["taken", 0, "P1 bought"],
    ["expired", 61_000, "has expired"],
  ])("says under each copy of a quote that it is %s", async (_, passedMs, words) => {
    const table = await TradingTable.open();
    const quote = await table.order(1, "buy", "100");
    await table.clock.advance(passedMs);
    await table.press(1, quote, 9);
    await table.press(1, quote, 10);
    expect(table.said.filter((text) => text.includes(words))).toHaveLength(2);
  });

  it.each([
    ["has expired", async (table: TradingTable) => table.clock.advance(61_000)],
    [
      "moved too far",
      async (table: TradingTable) => {
        table.chain.pool = { ...table.chain.pool, reserve1: (10n ** 12n * 102n) / 100n };
      },
    ],
  ])("trades nothing where the quote %s", async (words, happens) => {
    const table = await TradingTable.open();
    const quote = await table.order(1, "buy", "100");
    await happens(table);
    await table.press(1, quote);
    expect(table.said.at(-1)).toContain(words);
    expect(table.holds(1).tokens).toBe(0n);
  });

  it("fills at the price of the press where it has moved a little", async () => {
    const table = await TradingTable.open();
    const quote = await table.order(1, "buy", "100");
    table.chain.pool = { ...table.chain.pool, reserve1: (10n ** 12n * 1_005n) / 1_000n };
    await table.press(1, quote);
    expect(table.holds(1).tokens).toBeLessThan(bought);
    expect(table.holds(1).tokens).toBeGreaterThan((bought * 99n) / 100n);
  });

  it("lets nobody press for somebody else", async () => {
    const table = await TradingTable.open();
    await table.press(2, await table.order(1, "buy", "100"));
    await table.reset(2, 1);
    expect(table.alerts).toEqual([
      "Paper trading, no real money.\nThis quote is somebody else's.",
      "Paper trading, no real money.\nThis is somebody else's book.",
    ]);
    expect(table.holds(1).tokens).toBe(0n);
  });

  it("begins anew once for each question, however often its button is pressed", async () => {
    const table = await TradingTable.open();
    await table.press(1, await table.order(1, "buy", "100"));
    await table.reset(1, 1, 3);
    expect(table.holds(1)).toMatchObject({ tokens: 0n, resets: 1 });
    await table.reset(1, 1);
    expect(table.holds(1).resets).toBe(2);
  });

  it("trades nothing while the chain cannot be asked, and says so", async () => {
    const table = await TradingTable.open();
    const quote = await table.order(1, "buy", "100");
    table.chain.trouble = "unreachable";
    await table.press(1, quote);
    expect(table.alerts).toEqual([expect.stringMatching(/cannot be asked.*Nothing was traded/)]);
    table.chain.trouble = undefined;
    await table.press(1, quote);
    expect(table.holds(1).cash).toBe(9_900n * dollar);
  });

  it("hears who asks too often once, and again a minute later", async () => {
    const table = await TradingTable.open({ commands_per_minute: 2 });
    for (let time = 0; time < 5; time += 1) await table.order(1, "buy", "1");
    await table.order(2, "buy", "1");
    expect(table.said.filter((text) => text.includes("P1 buys"))).toHaveLength(2);
    expect(table.said.filter((text) => text.includes("a lot at once"))).toHaveLength(1);
    expect(table.said.filter((text) => text.includes("P2 buys"))).toHaveLength(1);
    await table.clock.advance(60_000);
    await table.order(1, "buy", "1");
    expect(table.said.filter((text) => text.includes("P1 buys"))).toHaveLength(3);
  });

  it.each([
    ["buy", "", /Say how much USDC/],
    ["buy", "-5", /Say how much USDC/],
    ["buy", "1.0000001", /at most 6 decimals/],
    ["buy", "10000.000001", /more USDC than there is/],
    ["sell", "all", /no TKN to pay with/],
    ["buy", "0", /no USDC to pay with/],
  ] as const)("says what is wrong with /%s %s", async (side, words, answer) => {
    const table = await TradingTable.open();
    await table.order(1, side, words);
    expect(table.said.join()).toMatch(answer);
  });

  it("has no book for somebody without a face", async () => {
    const table = await TradingTable.open();
    await table.orderAnonymously();
    expect(table.said.join()).toMatch(/write as yourself/);
  });
});
