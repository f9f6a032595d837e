import { describe, expect, it } from "vitest";
import type { Swap } from "../../../shared/chain/chain.ts";
import {
  simulatedPools,
  simulatedTokens,
  simulatedWallets,
} from "../../../shared/chain/simulated/assets.ts";
import { SimulatedChain } from "../../../shared/chain/simulated/simulated-chain.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const signal = new AbortController().signal;
const pools = simulatedPools.map(({ pool }) => pool);

async function tradesOfAnHour(
  chain: SimulatedChain,
): Promise<{ first: number; swaps: readonly Swap[] }> {
  const { number } = await chain.head();
  return {
    first: number - 1_199,
    swaps: await chain.swaps(pools, { first: number - 1_199, last: number }),
  };
}

describe("the simulated market", () => {
  it("is the same for everybody who looks, and another one with another seed", async () => {
    const clock = new ManualClock();
    const [one, other] = [new SimulatedChain(clock), new SimulatedChain(clock)];
    expect(await tradesOfAnHour(one)).toEqual(await tradesOfAnHour(other));
    expect(await tradesOfAnHour(one)).not.toEqual(
      await tradesOfAnHour(new SimulatedChain(clock, "x")),
    );
  });

  it("has blocks that follow each other with the time", async () => {
    const clock = new ManualClock();
    const chain = new SimulatedChain(clock);
    const before = await chain.head();
    expect(await chain.block(before.number + 1)).toBeUndefined();
    await clock.advance(3_000);
    const after = await chain.head();
    expect(after).toMatchObject({ number: before.number + 1, parentHash: before.hash });
    expect(clock.now() - after.timestampMs).toBeLessThan(3_000);
    expect(await chain.block(before.number)).toEqual(before);
  });

  it("shows a buy in every pool at least every 15 seconds", async () => {
    const { first, swaps } = await tradesOfAnHour(new SimulatedChain(new ManualClock()));
    for (const pool of pools) {
      const blocks = swaps
        .filter((swap) => swap.pool === pool && swap.amount0Out > 0n)
        .map(({ block }) => block.number);
      const gaps = blocks.map((block, index) => block - (blocks[index - 1] ?? first));
      expect(Math.max(...gaps) * 3_000).toBeLessThanOrEqual(15_000);
      // People sell, too.
      expect(
        swaps.filter((swap) => swap.pool === pool && swap.amount1Out > 0n).length,
      ).toBeGreaterThan(100);
    }
  });

  it("shows a buy of at least 700 in its first pool every minute, whatever the price is", async () => {
    const chain = new SimulatedChain(new ManualClock());
    const { number } = await chain.head();
    const first = Math.ceil((number - 57_600) / 20) * 20;
    // Two days: every height of the price.
    for (let block = first; block <= number; block += 20) {
      const swaps = await chain.swaps(pools.slice(0, 1), { first: block, last: block });
      const largest = Math.max(...swaps.map(({ amount1In }) => Number(amount1In)));
      expect(largest, `block ${block}`).toBeGreaterThanOrEqual(700e6);
    }
  });

  it("fills every trade within what the pair has, near its price", async () => {
    const chain = new SimulatedChain(new ManualClock());
    const { swaps } = await tradesOfAnHour(chain);
    for (const swap of swaps) {
      const { reserve0, reserve1 } = await chain.reserves(swap.pool, signal, swap.block.number);
      const [amount0, amount1] = [
        swap.amount0In + swap.amount0Out,
        swap.amount1In + swap.amount1Out,
      ];
      const difference = Number((amount1 * reserve0 * 10_000n) / (amount0 * reserve1)) / 10_000 - 1;
      expect(Math.abs(difference)).toBeLessThan(0.03);
    }
  });

  it("tells new holders from those who come back", async () => {
    const chain = new SimulatedChain(new ManualClock());
    const buys = (await tradesOfAnHour(chain)).swaps.filter(
      (swap) => swap.pool === pools[0] && swap.amount0Out > 0n,
    );
    const token = simulatedTokens[0]?.address ?? "coin";
    const before = await Promise.all(
      buys.map(({ to, block }) => chain.balance(to, token, signal, block.number - 1)),
    );
    const fresh = before.filter((balance) => balance === 0n).length;
    expect(fresh / buys.length).toBeGreaterThan(0.15);
    expect(fresh / buys.length).toBeLessThan(0.45);
    const newcomers = buys.filter((_, index) => before[index] === 0n);
    for (const { to, block, amount0Out } of newcomers)
      expect(await chain.balance(to, token, signal, block.number)).toBe(amount0Out);
  });

  it("knows who sent each of its trades", async () => {
    const chain = new SimulatedChain(new ManualClock());
    for (const { transaction, to } of (await tradesOfAnHour(chain)).swaps)
      expect(await chain.senderOf(transaction)).toBe(to);
  });

  it("moves the balances of its wallets by exactly what its transfers say", async () => {
    const chain = new SimulatedChain(new ManualClock());
    const { number } = await chain.head();
    const tokens = simulatedTokens.map(({ address }) => address);
    let seen = 0;
    for (let block = number - 400; block <= number; block += 1) {
      const ref = { number: block, hash: (await chain.block(block))?.hash ?? "0x" } as const;
      const transfers = [
        ...(await chain.tokenTransfers(simulatedWallets, tokens, { block: ref })),
        ...(await chain.coinTransfers(simulatedWallets, ref)).map((each) => ({
          ...each,
          token: "coin" as const,
        })),
      ];
      seen += transfers.length;
      for (const wallet of simulatedWallets)
        for (const asset of [...tokens, "coin" as const]) {
          const moved = transfers
            .filter(({ token }) => token === asset)
            .reduce(
              (sum, { from, to, amount }) =>
                sum + (to === wallet ? amount : 0n) - (from === wallet ? amount : 0n),
              0n,
            );
          const before = await chain.balance(wallet, asset, signal, block - 1);
          expect(await chain.balance(wallet, asset, signal, block)).toBe(before + moved);
        }
    }
    expect(seen).toBe(20);
  });
});
