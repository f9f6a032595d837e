import type { Clock } from "../../clock.ts";
import { amountOut } from "../amounts/pool-math.ts";
import type {
  Address,
  Block,
  BlockRef,
  Chain,
  CoinTransfer,
  Hash,
  Pair,
  Reserves,
  Span,
  Swap,
  Token,
  TokenTransfer,
} from "../chain.ts";
import { ChainError } from "../chain-error.ts";
import { firstTradeOf, type TradePlace, tradeHash, tradeOf, traderOf } from "./actors.ts";
import {
  type SimulatedPool,
  simulatedCoin,
  simulatedPools,
  simulatedTokens,
  simulatedWallets,
} from "./assets.ts";
import { digest, draw } from "./draw.ts";
import { reservesAfter, tradesIn } from "./price-path.ts";
import { type Flow, flowIn, walletBalance } from "./wallet-flows.ts";

const blockTimeMs = 3_000;

/**
 * A market for trying out. Its blocks follow the wall clock and everything in them is a pure function of seed and block
 * number: every process sees the same one, at once and for any time, and it goes on over restarts. Each pool sees a buy
 * at least every 15 s.
 */
export class SimulatedChain implements Chain {
  readonly id = "simulated";
  readonly name = "simulated market";
  readonly simulated = true;
  readonly coin = simulatedCoin;
  readonly blockTimeMs = blockTimeMs;
  readonly explorer = undefined;
  private readonly clock: Clock;
  private readonly seed: string;

  constructor(clock: Clock, seed = "market") {
    this.clock = clock;
    this.seed = seed;
  }

  async head(): Promise<Block> {
    return this.blockAt(this.height);
  }

  async block(number: number): Promise<Block | undefined> {
    return number > this.height ? undefined : this.blockAt(number);
  }

  async swaps(pools: readonly Address[], span: Span): Promise<readonly Swap[]> {
    const wanted = simulatedPools.filter(({ pool }) => pools.includes(pool));
    return this.numbersIn(span).flatMap((block) =>
      wanted.flatMap((pool) => this.swapsOf(pool, block)),
    );
  }

  async tokenTransfers(
    wallets: readonly Address[],
    tokens: readonly Address[],
    span: Span,
  ): Promise<readonly TokenTransfer[]> {
    return this.flowsIn(span, wallets).flatMap(([block, flow]) =>
      flow.asset === "coin" || !tokens.includes(flow.asset)
        ? []
        : [{ ...moved(flow), token: flow.asset, block: this.refTo(block), logIndex: 999 }],
    );
  }

  async coinTransfers(
    wallets: readonly Address[],
    block: BlockRef,
  ): Promise<readonly CoinTransfer[]> {
    return this.flowsIn({ block }, wallets).flatMap(([number, flow]) =>
      flow.asset === "coin" ? [{ ...moved(flow), block: this.refTo(number) }] : [],
    );
  }

  async pair(pool: Address): Promise<Pair> {
    const { token0, token1 } = this.poolOf(pool);
    return { pool, token0, token1 };
  }

  async token(address: Address): Promise<Token> {
    const token = simulatedTokens.find((each) => each.address === address);
    if (token === undefined)
      throw new ChainError("strange_contract", `The simulated market has no token ${address}.`);
    return token;
  }

  async reserves(pool: Address, _signal: AbortSignal, at = this.height): Promise<Reserves> {
    const found = this.poolOf(pool);
    const poolIndex = simulatedPools.indexOf(found);
    const trade = tradesIn(this.seed, poolIndex, at) - 1;
    return reservesAfter(this.seed, poolIndex, found, at, trade);
  }

  async balance(
    owner: Address,
    token: Address | "coin",
    _signal: AbortSignal,
    at = this.height,
  ): Promise<bigint> {
    if (simulatedWallets.includes(owner)) return walletBalance(this.seed, owner, token, at);
    const first = firstTradeOf(owner);
    if (first !== undefined) return this.boughtIn(first, token, at);
    const decimals = simulatedTokens.find(({ address }) => address === token)?.decimals ?? 18;
    const whole = 1_000 + Math.floor(draw(this.seed, "holding", owner, token) * 50_000);
    return BigInt(whole) * 10n ** BigInt(decimals);
  }

  async senderOf(transaction: Hash): Promise<Address | undefined> {
    const place = tradeOf(transaction);
    return place === undefined ? undefined : this.tradeAt(place)?.to;
  }

  private get height(): number {
    return Math.floor(this.clock.now() / blockTimeMs);
  }

  private blockAt(number: number): Block {
    const parentHash = this.refTo(number - 1).hash;
    return { ...this.refTo(number), parentHash, timestampMs: number * blockTimeMs };
  }

  private refTo(number: number): BlockRef {
    return { number, hash: `0x${digest(this.seed, "block", number)}` };
  }

  private numbersIn(span: Span): number[] {
    const [first, last] =
      "block" in span ? [span.block.number, span.block.number] : [span.first, span.last];
    const end = Math.min(last, this.height);
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => first + index);
  }

  private poolOf(address: Address): SimulatedPool {
    const pool = simulatedPools.find((each) => each.pool === address);
    if (pool === undefined)
      throw new ChainError("strange_contract", `The simulated market has no pool ${address}.`);
    return pool;
  }

  private swapsOf(pool: SimulatedPool, block: number): Swap[] {
    const poolIndex = simulatedPools.indexOf(pool);
    const trades = tradesIn(this.seed, poolIndex, block);
    return Array.from({ length: trades }, (_, trade) =>
      this.tradeAt({ block, poolIndex, trade }),
    ).filter((swap) => swap !== undefined);
  }

  /** The trade that leads from one state of its pool to the next. */
  private tradeAt(place: TradePlace): Swap | undefined {
    const { block, poolIndex, trade } = place;
    const pool = simulatedPools[poolIndex];
    if (pool === undefined) return undefined;
    const before = reservesAfter(this.seed, poolIndex, pool, block, trade - 1);
    const after = reservesAfter(this.seed, poolIndex, pool, block, trade);
    const isBuy = after.reserve1 > before.reserve1;
    const growth = isBuy ? after.reserve1 - before.reserve1 : after.reserve0 - before.reserve0;
    if (growth <= 0n) return undefined;
    const paid = (growth * 1_000n) / 997n + 1n;
    const got = isBuy
      ? amountOut(paid, before.reserve1, before.reserve0)
      : amountOut(paid, before.reserve0, before.reserve1);
    return {
      pool: pool.pool,
      block: this.refTo(block),
      transaction: tradeHash(this.seed, place),
      logIndex: poolIndex * 100 + trade,
      to: traderOf(this.seed, place, isBuy),
      amount0In: isBuy ? 0n : paid,
      amount1In: isBuy ? paid : 0n,
      amount0Out: isBuy ? got : 0n,
      amount1Out: isBuy ? 0n : got,
    };
  }

  private boughtIn(place: TradePlace, token: Address | "coin", at: number): bigint {
    const bought = simulatedPools[place.poolIndex]?.token0.address;
    if (at < place.block || bought !== token) return 0n;
    return this.tradeAt(place)?.amount0Out ?? 0n;
  }

  private flowsIn(span: Span, wallets: readonly Address[]): [number, Flow][] {
    return this.numbersIn(span).flatMap((block): [number, Flow][] => {
      const flow = flowIn(this.seed, block);
      return flow !== undefined && wallets.includes(flow.wallet) ? [[block, flow]] : [];
    });
  }
}

function moved({ direction, wallet, partner, amount, transaction }: Flow) {
  const [from, to] = direction === "in" ? [partner, wallet] : [wallet, partner];
  return { from, to, amount, transaction };
}
