import { describe, expect, it } from "vitest";
import type { Buy } from "../../../../bots/buy_tracker/ledger/buy.ts";
import { postText } from "../../../../bots/buy_tracker/post/buy-text.ts";
import type { TrackedPool } from "../../../../bots/buy_tracker/watch/tracked-pool.ts";
import { renderClassic } from "../../../../shared/outbound/render/classic/render-classic.ts";
import { readMarkdown } from "../../../../shared/outbound/render/markdown/read-markdown.ts";

const pool: TrackedPool = {
  pool: "0xd",
  base: { address: "0x1", symbol: "$A_B", decimals: 18 },
  quote: { address: "0x2", symbol: "USD*", decimals: 6 },
  baseIs0: true,
};
const chain = { name: "Test_Net", explorer: "https://scan.example" };

function buy(number: number, changes: Partial<Buy> = {}): Buy {
  const digits = number.toString(16).padStart(2, "0");
  return {
    key: digits,
    pool: "0xd",
    block: { number: 5, hash: "0x5" },
    transaction: `0x${digits.repeat(32)}`,
    atMs: 0,
    buyer: `0x${digits.repeat(20)}`,
    bought: 4n * 10n ** 18n,
    paid: BigInt(number) * 10n ** 6n,
    holder: "new",
    fate: "there",
    ...changes,
  };
}

const textOf = (buys: readonly Buy[]): string =>
  renderClassic(readMarkdown(postText(buys, () => pool, chain))).text;

describe("the text about buys", () => {
  it("has everything about one, whatever the names look like", () => {
    expect(textOf([buy(1)]).split("\n")).toEqual([
      "Buy: 4 $A_B",
      "Value: 1 USD*",
      "Price: 0.25 USD*",
      "Buyer: 0x0101…0101 (new holder)",
      "Pool: $A_B/USD* on Test_Net",
      "Transaction: 0x0101…0101",
    ]);
  });

  it("says nothing of a holder that nobody knows", () => {
    expect(textOf([buy(1, { holder: "unknown" })])).toContain("Buyer: 0x0101…0101\n");
  });

  it("adds up a burst, lists its largest buys, and counts the others", () => {
    const lines = textOf(Array.from({ length: 12 }, (_, index) => buy(index + 1))).split("\n");
    expect(lines[0]).toBe("12 buys: 48 $A_B for 78 USD* ($A_B/USD* on Test_Net)");
    expect(lines.filter((line) => line.startsWith("•")).length).toBe(9);
    expect(lines.at(-1)).toBe("• and 4 smaller");
    expect(lines.join()).not.toContain("for 4 USD*,");
  });

  it("says of a vanished buy that it is, and does not count it", () => {
    expect(textOf([buy(1, { fate: "vanished" })])).toContain("vanished\nThe chain was reorganised");
    const text = textOf([buy(1), buy(2, { fate: "vanished" })]);
    expect(text).toMatch(/^1 buy: 4 \$A_B for 1 USD\*/);
    expect(text).toContain(
      "for 2 USD*, at 0.5 USD*, 0x0202…0202, new holder, 0x0202…0202 vanished",
    );
  });
});
