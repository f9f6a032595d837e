import { z } from "zod";
import { readBotOptions } from "../../shared/bot-runtime/bot-options.ts";
import { addressOption, chainOptions } from "../../shared/chain/chain-options.ts";
import { simulatedPools } from "../../shared/chain/simulated/assets.ts";

const optionsSchema = z
  .strictObject({
    chain: chainOptions.optional(),
    /** A Uniswap-v2 pair. */
    pool: addressOption.optional(),
    /** Which of the pool's two tokens is bought and sold; the other one is the paper cash. */
    token: addressOption.optional(),
    /** Of the pool: Uniswap v2 keeps 0.3 %, its forks what they like. */
    pool_fee_percent: z.number().min(0).max(10).multipleOf(0.01).default(0.3),
    starting_cash: z.int().min(1).max(1_000_000_000_000).default(10_000),
    quote_seconds: z.int().min(5).max(600).default(60),
    max_slippage_percent: z.number().min(0.01).max(50).default(1),
    commands_per_minute: z.int().min(1).max(600).default(20),
  })
  .superRefine(({ chain, pool, token }, context) => {
    const refuse = (key: string, message: string): void => {
      context.addIssue({ code: "custom", path: [key], message });
    };
    if (chain === undefined) {
      if (pool !== undefined) refuse("pool", "needs a chain to be on");
      if (token !== undefined) refuse("token", "needs a chain to be on");
      return;
    }
    if (pool === undefined) refuse("pool", "is missing: the address of a Uniswap-v2 pair");
    if (token === undefined) refuse("token", "is missing: which token of the pool is traded");
  });

export type TradingOptions = ReturnType<typeof readOptions>;

/**
 * The bot's section of fleet.yaml, filled. Without a chain it trades on the first pool of the simulated market.
 * @throws ConfigurationError with the path of everything that is wrong
 */
export function readOptions(config: Readonly<Record<string, unknown>>) {
  const checked = readBotOptions("public_trading_bot", config, optionsSchema);
  const { chain, pool = simulatedPools[0]?.pool, token, ...rest } = checked;
  if (pool === undefined) throw new Error("the simulated market has a pool");
  return {
    chain,
    pool,
    token,
    /** In parts of 10,000. */
    poolFee: BigInt(Math.round(rest.pool_fee_percent * 100)),
    startingCash: BigInt(rest.starting_cash),
    quoteLifeMs: rest.quote_seconds * 1_000,
    /** In parts of 10,000. */
    maxSlippage: BigInt(Math.round(rest.max_slippage_percent * 100)),
    commandsPerMinute: rest.commands_per_minute,
  };
}
