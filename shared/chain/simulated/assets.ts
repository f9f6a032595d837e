import type { Address, Pair, Token } from "../chain.ts";

const usd: Token = {
  address: "0x5100000000000000000000000000000000000fff",
  symbol: "sUSD",
  decimals: 6,
};
const sim: Token = {
  address: "0x5100000000000000000000000000000000000001",
  symbol: "SIM",
  decimals: 18,
};
const ether: Token = {
  address: "0x5100000000000000000000000000000000000002",
  symbol: "sETH",
  decimals: 18,
};

export const simulatedTokens: readonly Token[] = [sim, ether, usd];
export const simulatedCoin = { symbol: ether.symbol, decimals: ether.decimals };

export interface SimulatedPool extends Pair {
  /** What one whole token0 costs in whole token1, on average. */
  readonly averagePrice: number;
  /** How much of token1 lies in it at that price, smallest units. */
  readonly depth1: bigint;
}

/** The pairs of the market; token1 is what prices are told in. The second one tells what the chain's coin is worth. */
export const simulatedPools: readonly SimulatedPool[] = [
  {
    pool: "0x5200000000000000000000000000000000000001",
    token0: sim,
    token1: usd,
    averagePrice: 0.25,
    depth1: 250_000n * 10n ** 6n,
  },
  {
    pool: "0x5200000000000000000000000000000000000002",
    token0: ether,
    token1: usd,
    averagePrice: 2_500,
    depth1: 2_000_000n * 10n ** 6n,
  },
];

/** Wallets whose balances move now and then, for a treasury to look at. */
export const simulatedWallets: readonly [Address, Address] = [
  "0x5300000000000000000000000000000000000001",
  "0x5300000000000000000000000000000000000002",
];
