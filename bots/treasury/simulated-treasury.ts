import {
  simulatedCoin,
  simulatedPools,
  simulatedTokens,
  simulatedWallets,
} from "../../shared/chain/simulated/assets.ts";

const [first, second] = simulatedWallets;
const poolOf = (token: string): string | undefined =>
  simulatedPools.find(({ token0 }) => token0.address === token)?.pool;

/** The options of a treasury on the simulated market, for who has none yet. */
export const simulatedTreasury = {
  wallets: [
    { name: "Savings", address: first, low: { coin: "5" } },
    { name: "Operations", address: second },
  ],
  tokens: Object.fromEntries(
    simulatedTokens.map(({ symbol, address }) => {
      const pool = poolOf(address);
      // The coin goes by its symbol already.
      const label = symbol === simulatedCoin.symbol ? `w${symbol}` : symbol;
      return [label, { address, ...(pool === undefined ? {} : { pool }) }];
    }),
  ),
  unit: "sUSD",
  coin_pool: simulatedPools[1]?.pool,
  transfers_from: "5000",
  confirmations: 1,
};
