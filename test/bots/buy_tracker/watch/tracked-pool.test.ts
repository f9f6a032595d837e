import { describe, expect, it } from "vitest";
import {
  boughtIn,
  poolName,
  trackedPool,
} from "../../../../bots/buy_tracker/watch/tracked-pool.ts";
import type { Pair } from "../../../../shared/chain/chain.ts";

const token = (digit: string, symbol: string) =>
  ({ address: `0x${digit.repeat(40)}`, symbol, decimals: 18 }) as const;

function pair(symbol0: string, symbol1: string): Pair {
  return { pool: "0xd", token0: token("1", symbol0), token1: token("2", symbol1) };
}

describe("the tracked token of a pair", () => {
  it.each([
    ["TKN", "WETH", "TKN/WETH"],
    ["WETH", "TKN", "TKN/WETH"],
    ["USDC.e", "TKN", "TKN/USDC.e"],
    // Nothing tells: the first.
    ["AAA", "BBB", "AAA/BBB"],
    ["WETH", "USDC", "WETH/USDC"],
  ])("of %s and %s makes %s", (symbol0, symbol1, name) => {
    expect(poolName(trackedPool(pair(symbol0, symbol1), undefined))).toBe(name);
  });

  it("is the configured one, where one is", () => {
    expect(poolName(trackedPool(pair("TKN", "WETH"), `0x${"2".repeat(40)}`))).toBe("WETH/TKN");
  });

  it.each([
    { what: "a buy", amounts: [0n, 5n, 9n, 0n], of0: { bought: 9n, paid: 5n }, of1: undefined },
    { what: "a sale", amounts: [9n, 0n, 0n, 5n], of0: undefined, of1: { bought: 5n, paid: 9n } },
    { what: "a loan given back", amounts: [9n, 1n, 9n, 0n], of0: undefined, of1: undefined },
    {
      what: "a buy with change",
      amounts: [1n, 5n, 9n, 1n],
      of0: { bought: 8n, paid: 4n },
      of1: undefined,
    },
  ] as const)("tells $what by what went in and out", ({ amounts, of0, of1 }) => {
    const [amount0In, amount1In, amount0Out, amount1Out] = amounts;
    const swap = {
      pool: "0xd",
      block: { number: 1, hash: "0x1" },
      transaction: "0x1",
      logIndex: 0,
      to: "0x1",
      amount0In,
      amount1In,
      amount0Out,
      amount1Out,
    } as const;
    const both = pair("A", "B");
    expect(boughtIn(swap, trackedPool(both, both.token0.address))).toEqual(of0);
    expect(boughtIn(swap, trackedPool(both, both.token1.address))).toEqual(of1);
  });
});
