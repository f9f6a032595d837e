import { expect, it } from "vitest";
import { plainSymbol } from "../../../shared/chain/evm/plain-symbol.ts";

it.each([
  ["USDC", "USDC"],
  ["USDC.e", "USDC.e"],
  ["USD₮0", "USD₮0"],
  ["$WIF", "$WIF"],
  ["[free](https://evil.example)", "freehttpsevilexa"],
  ["win.com", "wincom"],
  ["A\n**B**\u202E`C`", "ABC"],
  ["VERYLONGADVERTISEMENT", "VERYLONGADVERTIS"],
  ["@somebody", "somebody"],
  ["", "?"],
  ["🚀", "?"],
])("%j is shown as %j", (symbol, shown) => {
  expect(plainSymbol(symbol)).toBe(shown);
});
