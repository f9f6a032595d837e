import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amountOut } from "../../../shared/chain/amounts/pool-math.ts";
import type { Chain } from "../../../shared/chain/chain.ts";
import { chainOptions } from "../../../shared/chain/chain-options.ts";
import { openChain } from "../../../shared/chain/open-chain.ts";
import { systemClock } from "../../../shared/clock.ts";
import { Anvil, noAnvil } from "../../support/chain/anvil.ts";
import { coin, LocalMarket } from "../../support/chain/local-market.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const { signal } = new AbortController();

describe.skipIf(noAnvil !== undefined)(`a real chain ${noAnvil ?? ""}`, () => {
  let anvil: Anvil;
  let market: LocalMarket;
  let chain: Chain;

  beforeAll(async () => {
    anvil = await Anvil.start();
    market = await LocalMarket.deploy(anvil);
    const options = chainOptions.parse({ name: "local", chain_id: 31_337, rpc: [anvil.url] });
    chain = await openChain(options, {
      clock: systemClock,
      random: Math.random,
      log: recordingLog("chain"),
    });
  });
  afterAll(() => anvil.stop());

  it("tells the tokens of a pair, and its reserves", async () => {
    const pair = await chain.pair(market.pair, signal);
    const [base, quote] = [
      { address: market.base, symbol: "TKN", decimals: 18 },
      { address: market.quote, symbol: "USDX", decimals: 6 },
    ];
    expect([pair.token0, pair.token1]).toEqual(
      market.base < market.quote ? [base, quote] : [quote, base],
    );
    const { reserve0, reserve1 } = await chain.reserves(market.pair, signal);
    expect([reserve0, reserve1].toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      50_000n * 10n ** 6n,
      100_000n * coin,
    ]);
  });

  it("reckons what the contract gives, to the last unit", async () => {
    const random = seededRandom(5);
    for (let round = 0; round < 25; round += 1) {
      const buyer = await market.newAccount(round);
      const paid = BigInt(Math.floor(random() * 10 ** (3 + (round % 8)))) + 1n;
      const before = market.now;
      const { transaction, got } = await market.buy(buyer, paid);
      expect(got).toBe(amountOut(paid, before.quote, before.base));
      await anvil.mine();
      expect(await statusOf(anvil, transaction), `${paid} for ${got}`).toBe(
        got > 0n ? "0x1" : "0x0",
      );
      // One unit more is refused by the contract.
      const after = market.now;
      const more = amountOut(paid, after.quote, after.base) + 1n;
      const greedy = await market.tradeExactly(buyer, market.quote, paid, more);
      await anvil.mine();
      expect(await statusOf(anvil, greedy), `${paid} for ${more}`).toBe("0x0");
    }
  });

  it("sees trades in order, with their senders, in one block and between blocks", async () => {
    const first = (await chain.head(signal)).number + 1;
    const [anna, ben] = [await market.newAccount(101), await market.newAccount(102)];
    const bought = await market.buy(anna, 25_000_000n);
    const sold = await market.sell(ben, 10n * coin);
    await anvil.mine();
    const again = await market.buy(anna, 5_000_000n);
    await anvil.mine();
    const last = (await chain.head(signal)).number;
    const swaps = await chain.swaps([market.pair], { first, last }, signal);
    const isBase0 = market.base < market.quote;
    const seen = swaps.map((swap) => ({
      transaction: swap.transaction,
      paid: swap.amount0In + swap.amount1In,
      got: swap.amount0Out + swap.amount1Out,
      isBuy: (isBase0 ? swap.amount0Out : swap.amount1Out) > 0n,
      to: swap.to,
    }));
    expect(seen.toSorted((a, b) => (a.paid < b.paid ? -1 : 1))).toEqual([
      { ...again, isBuy: true, to: anna },
      { ...bought, isBuy: true, to: anna },
      { ...sold, isBuy: false, to: ben },
    ]);
    expect(await chain.senderOf(sold.transaction, signal)).toBe(ben);
    const block = await chain.block(last, signal);
    if (block === undefined) throw new Error("the newest block is there");
    expect((await chain.swaps([market.pair], { block }, signal)).length).toBe(1);
    expect(await chain.balance(anna, market.base, signal)).toBe(bought.got + again.got);
    expect(await chain.balance(anna, market.base, signal, first - 1)).toBe(0n);
  });

  it("sees what wallets receive and send, tokens and coins, but not what failed", async () => {
    const [anna, ben] = [await market.newAccount(201), await market.newAccount(202)];
    const start = await chain.balance(anna, "coin", signal);
    await market.transfer(market.base, anna, 7n * coin);
    await market.transfer(market.base, ben, 3n * coin);
    const send = { from: market.owner, to: anna, value: "0xde0b6b3a7640000", gas: "0x5208" };
    const paid = await anvil.ask("eth_sendTransaction", send);
    const failing = { from: ben, to: market.base, value: "0x5", gas: "0x7a120" };
    await anvil.ask("eth_sendTransaction", failing);
    await anvil.mine();
    const block = await chain.head(signal);
    const tokens = await chain.tokenTransfers([anna], [market.base], { block }, signal);
    expect(tokens.map(({ to, amount }) => ({ to, amount }))).toEqual([
      { to: anna, amount: 7n * coin },
    ]);
    const coins = await chain.coinTransfers([anna, ben], block, signal);
    expect(coins.map(({ transaction, amount }) => ({ transaction, amount }))).toEqual([
      { transaction: paid, amount: coin },
    ]);
    expect(await chain.balance(anna, "coin", signal)).toBe(start + coin);
  });

  it("knows blocks by their parents, and none that is not there", async () => {
    await anvil.mine(2);
    const head = await chain.head(signal);
    const before = await chain.block(head.number - 1, signal);
    expect(head.parentHash).toBe(before?.hash);
    expect(await chain.block(head.number + 5, signal)).toBeUndefined();
  });

  it("does not look for trades in a block that the chain has given up", async () => {
    await market.buy(await market.newAccount(301), 1_000_000n);
    const reserves = market.now;
    await anvil.mine();
    const gone = await chain.head(signal);
    await anvil.ask("anvil_reorg", 1, []);
    market.forgetTrades(reserves);
    await expect(chain.swaps([market.pair], { block: gone }, signal)).rejects.toMatchObject({
      trouble: "not_there",
    });
  });
});

async function statusOf(anvil: Anvil, transaction: string): Promise<string> {
  const receipt = await anvil.ask("eth_getTransactionReceipt", transaction);
  return (receipt as { status: string }).status;
}
