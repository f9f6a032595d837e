import { describe, expect, it } from "vitest";
import { readOptions } from "../../../bots/public_trading_bot/options.ts";

const address = `0x${"a".repeat(40)}`;
const chain = { name: "Base", chain_id: 8453, rpc: ["https://rpc.example"] };

describe("options of public_trading_bot", () => {
  it("may be empty: then it is the simulated market", () => {
    expect(readOptions({})).toMatchObject({
      chain: undefined,
      startingCash: 10_000n,
      maxSlippage: 100n,
      quoteLifeMs: 60_000,
    });
  });

  it.each([
    ["an unknown key", { cash: 5 }, /bots\.public_trading_bot\.options\.cash: unknown key/],
    ["a chain without a pool", { chain, token: address }, /options\.pool: is missing/],
    ["a chain without a token", { chain, pool: address }, /options\.token: is missing/],
    ["a pool on no chain", { pool: address }, /options\.pool: needs a chain/],
    [
      "an address that is none",
      { chain, pool: "0x1", token: address },
      /options\.pool: needs an address/,
    ],
    ["cash in parts", { starting_cash: 0.5 }, /options\.starting_cash/],
  ])("are refused with their path: %s", (_, options, message) => {
    expect(() => readOptions(options)).toThrow(message);
  });
});
