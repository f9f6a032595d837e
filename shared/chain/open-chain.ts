import type { Clock } from "../clock.ts";
import type { Log } from "../logger.ts";
import type { Chain } from "./chain.ts";
import type { ChainOptions } from "./chain-options.ts";
import { SimulatedChain } from "./simulated/simulated-chain.ts";

export interface ChainParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The configured chain, which is not asked anything yet; without options the simulated market. */
export async function openChain(
  options: ChainOptions | undefined,
  { clock, random, log }: ChainParts,
): Promise<Chain> {
  if (options === undefined) return new SimulatedChain(clock);
  // The library takes a quarter of a second to load; the simulated market does without.
  const [{ EvmChain }, { Failover }, { openEndpoint }] = await Promise.all([
    import("./evm/evm-chain.ts"),
    import("./evm/failover.ts"),
    import("./evm/rpc-endpoint.ts"),
  ]);
  const endpoints = options.rpc.map((address) => openEndpoint(address, clock));
  const failover = new Failover({ endpoints, chainId: options.chain_id, clock, random, log });
  return new EvmChain(
    {
      id: String(options.chain_id),
      name: options.name,
      coin: { symbol: options.coin, decimals: 18 },
      blockTimeMs: options.block_time_seconds * 1_000,
      explorer: options.explorer,
    },
    failover,
  );
}
