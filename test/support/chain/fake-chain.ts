import { createHash } from "node:crypto";
import type {
  Address,
  Block,
  Chain,
  Hash,
  Pair,
  Span,
  Swap,
  TokenTransfer,
} from "../../../shared/chain/chain.ts";
import { ChainError, type ChainTrouble } from "../../../shared/chain/chain-error.ts";

type Trade = Omit<Swap, "block" | "logIndex" | "pool">;

interface Made {
  readonly block: Block;
  readonly trades: readonly Trade[];
}

const address = (digit: string): Address => `0x${digit.repeat(40)}`;
export const fakePool = address("d");
const pair: Pair = {
  pool: fakePool,
  token0: { address: address("1"), symbol: "TKN", decimals: 18 },
  token1: { address: address("2"), symbol: "USDC", decimals: 6 },
};

/** A chain that a test makes block by block, with forks and troubles. */
export class FakeChain implements Chain {
  readonly id = "1";
  readonly name = "Fake";
  readonly simulated = false;
  readonly coin = { symbol: "ETH", decimals: 18 };
  readonly blockTimeMs = 2_000;
  readonly explorer = "https://scan.example";
  /** What every call fails with. */
  trouble: ChainTrouble | undefined;
  /** More blocks than this at once are too much. */
  longestSpan = Infinity;
  asked = 0;
  /** Every so many questions about a transaction or a balance are too many. */
  refusesEach = Infinity;
  /** So often it does not know who signed a transaction. */
  forgetsSenders = 0;
  /** What every question about an old balance fails with. */
  balanceTrouble: ChainTrouble | undefined;
  private details = 0;
  /** Of tokens, before any block; by owner. */
  readonly balances = new Map<Address, bigint>();
  readonly senders = new Map<Hash, Address>();
  private readonly made: Made[] = [];
  private fork = 0;

  constructor(blocks = 1) {
    this.mine(blocks);
  }

  /** Each with these trades in it. */
  mine(blocks = 1, ...trades: readonly Trade[]): Block {
    let block = this.made.at(-1)?.block;
    for (let each = 0; each < blocks; each += 1) {
      const number = this.made.length;
      const parentHash = block?.hash ?? hashOf("nothing");
      const made = { number, hash: hashOf(`${this.fork} ${number}`), parentHash };
      block = { ...made, timestampMs: number * this.blockTimeMs };
      this.made.push({ block, trades });
    }
    if (block === undefined) throw new Error("a chain has a block");
    return block;
  }

  /** The newest blocks are gone; whatever is mined then is another chain. */
  giveUp(blocks: number): void {
    this.made.splice(this.made.length - blocks);
    this.fork += 1;
  }

  /** A buy of whole tokens, paid in whole dollars. */
  buy(name: string, dollars: number, tokens = dollars * 2): Trade {
    const sender = this.trader(name);
    const transaction = hashOf(`buy ${name} ${dollars} ${this.senders.size}`);
    this.senders.set(transaction, sender);
    return {
      transaction,
      to: sender,
      amount0In: 0n,
      amount1In: BigInt(Math.round(dollars * 1e6)),
      amount0Out: BigInt(Math.round(tokens * 1e6)) * 10n ** 12n,
      amount1Out: 0n,
    };
  }

  sell(name: string, dollars: number): Trade {
    const { amount0Out, amount1In, ...trade } = this.buy(name, dollars);
    return {
      ...trade,
      amount0In: amount0Out,
      amount1In: 0n,
      amount0Out: 0n,
      amount1Out: amount1In,
    };
  }

  trader(name: string): Address {
    return `0x${hashOf(name).slice(2, 42)}`;
  }

  async head(): Promise<Block> {
    this.check();
    const head = this.made.at(-1)?.block;
    if (head === undefined) throw new Error("a chain has a block");
    return head;
  }

  async block(number: number): Promise<Block | undefined> {
    this.check();
    return this.made[number]?.block;
  }

  async swaps(pools: readonly Address[], span: Span): Promise<readonly Swap[]> {
    this.check();
    if (!pools.includes(fakePool)) return [];
    const [first, last] =
      "block" in span ? [span.block.number, span.block.number] : [span.first, span.last];
    if (last - first + 1 > this.longestSpan) throw new ChainError("too_much", "too many blocks");
    if ("block" in span && this.made[first]?.block.hash !== span.block.hash)
      throw new ChainError("not_there", "unknown block");
    return this.made.slice(first, last + 1).flatMap(({ block: { number, hash }, trades }) =>
      trades.map((trade, logIndex) => ({
        ...trade,
        pool: fakePool,
        block: { number, hash },
        logIndex,
      })),
    );
  }

  async tokenTransfers(): Promise<readonly TokenTransfer[]> {
    return [];
  }

  async coinTransfers() {
    return [];
  }

  async pair(pool: Address): Promise<Pair> {
    this.check();
    if (pool !== fakePool) throw new ChainError("strange_contract", "no such pool");
    return pair;
  }

  async token() {
    return pair.token0;
  }

  async reserves() {
    this.check();
    return { reserve0: 10n ** 24n, reserve1: 5n * 10n ** 11n };
  }

  async balance(owner: Address): Promise<bigint> {
    this.checkDetail();
    if (this.balanceTrouble !== undefined) throw new ChainError(this.balanceTrouble, "no balance");
    return this.balances.get(owner) ?? 0n;
  }

  async senderOf(transaction: Hash): Promise<Address | undefined> {
    this.checkDetail();
    this.forgetsSenders -= 1;
    return this.forgetsSenders >= 0 ? undefined : this.senders.get(transaction);
  }

  private checkDetail(): void {
    this.check();
    this.details += 1;
    if (this.details % this.refusesEach === 0) throw new ChainError("rate_limited", "too often");
  }

  private check(): void {
    this.asked += 1;
    if (this.trouble !== undefined) throw new ChainError(this.trouble, "the chain is in trouble");
  }
}

function hashOf(words: string): Hash {
  return `0x${createHash("sha256").update(words).digest("hex")}`;
}
