import { describe, expect, it } from "vitest";
import type { Trade } from "../../../../bots/public_trading_bot/ledger/ledger-line.ts";
import { type Depth, fillFrom } from "../../../../bots/public_trading_bot/market/market.ts";
import {
  historyText,
  quoteText,
  tradeText,
} from "../../../../bots/public_trading_bot/pages/trade-pages.ts";

const assets = {
  token: { address: "0x1", symbol: "TKN", decimals: 18 },
  cash: { address: "0x2", symbol: "USDC", decimals: 6 },
} as const;
const coin = 10n ** 18n;
/** One TKN for 0.5 USDC. */
const depth: Depth = { tokens: 2_000_000n * coin, cash: 10n ** 12n, fee: 30n };
const person = { chat: -1, user: 1, name: "Ada" };

function quoted(side: "buy" | "sell", paid: bigint, from: Depth = depth): string {
  const fill = fillFrom(from, side, paid);
  const atLeast = (fill.got * 99n) / 100n;
  return quoteText({ ...person, id: "7/1", side, paid, atLeast }, fill, assets, 60_000);
}

describe("a quote", () => {
  it.each([
    [
      "a small buy",
      "buy",
      100n * 10n ** 6n,
      "100 USDC for about 199.3801 TKN",
      "0.5016 USDC per TKN, 0.31 % above the pool's price",
    ],
    [
      "a large buy",
      "buy",
      10n ** 12n,
      "1,000,000 USDC for about 998,497.7466 TKN",
      "1.0015 USDC per TKN, 100.3 % above the pool's price",
    ],
    [
      "a small sale",
      "sell",
      200n * coin,
      "200 TKN for about 99.6901 USDC",
      "0.4985 USDC per TKN, 0.31 % below the pool's price",
    ],
    [
      "a large sale",
      "sell",
      2_000_000n * coin,
      "2,000,000 TKN for about 499,248.8733 USDC",
      "0.2496 USDC per TKN, 50.08 % below the pool's price",
    ],
    [
      "a sale of all, to the last unit",
      "sell",
      199_380_120_556_083_226_666n,
      "199.3801 TKN for about 99.3811 USDC",
      "0.4985 USDC per TKN, 0.31 % below the pool's price",
    ],
  ] as const)(
    "tells the price of %s on the right side of the pool's",
    (_, side, paid, what, price) => {
      const text = quoted(side, paid);
      expect(text).toContain(what);
      expect(text).toContain(price);
      expect(text).not.toMatch(/\d\.\d{5}/);
    },
  );

  it("never promises more than it holds to", () => {
    expect(quoted("buy", 333_333_333n)).toContain("At least 657.8");
    const fill = fillFrom(depth, "buy", 10n ** 8n);
    const text = quoteText(
      { ...person, id: "7/1", side: "buy", paid: 10n ** 8n, atLeast: 199_999_999_999_999_999_999n },
      fill,
      assets,
      60_000,
    );
    expect(text).toContain("At least 199.9999 TKN");
  });
});

describe("a trade", () => {
  const trade: Trade = {
    t: "trade",
    ...person,
    atMs: Date.parse("2026-01-10T14:05:00Z"),
    number: 3,
    press: "7/2",
    quote: "7/1",
    side: "sell",
    paid: 199_380_120_556_083_226_666n,
    got: 99_381_101n,
    reserveIn: 1n,
    reserveOut: 1n,
    cash: 10_099_381_101n,
    tokens: 1_234_567_890_123_456_789_012n,
  };

  it("is told in numbers that can be read", () => {
    expect(tradeText(trade, assets)).toBe(
      "✅ **Ada sold** 199.3801 TKN for 99.3811 USDC (trade 3)\n\nNow: 10,099.3811 USDC and 1,234.5679 TKN.",
    );
    expect(historyText([trade], assets)).toContain(
      "| 3 | 2026-01-10 14:05 | sell | 199.3801 TKN | 99.3811 USDC |",
    );
  });
});
