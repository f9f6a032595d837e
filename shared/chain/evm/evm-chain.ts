import type { z } from "zod";
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
import { calls, results, swapOf, swapTopic, transferOf, transferTopic } from "./contract-words.ts";
import type { Failover } from "./failover.ts";
import { plainSymbol } from "./plain-symbol.ts";
import { answers, type RawLog, readAnswer, toQuantity, toTopic } from "./rpc-answers.ts";

export interface EvmChainFacts {
  readonly id: string;
  readonly name: string;
  readonly coin: { readonly symbol: string; readonly decimals: number };
  readonly blockTimeMs: number;
  readonly explorer: string | undefined;
}

/** A chain that speaks Ethereum's JSON-RPC. */
export class EvmChain implements Chain {
  readonly id: string;
  readonly name: string;
  readonly simulated = false;
  readonly coin: EvmChainFacts["coin"];
  readonly blockTimeMs: number;
  readonly explorer: string | undefined;
  private readonly rpc: Pick<Failover, "ask">;
  // What a contract says of itself here never changes.
  private readonly tokens = new Map<Address, Token>();
  private readonly pairs = new Map<Address, Pair>();

  constructor(facts: EvmChainFacts, rpc: Pick<Failover, "ask">) {
    this.id = facts.id;
    this.name = facts.name;
    this.coin = facts.coin;
    this.blockTimeMs = facts.blockTimeMs;
    this.explorer = facts.explorer;
    this.rpc = rpc;
  }

  async head(signal: AbortSignal): Promise<Block> {
    const block = await this.blockBy("latest", signal);
    if (block === undefined) throw new ChainError("unreachable", "The chain has no newest block.");
    return block;
  }

  block(number: number, signal: AbortSignal): Promise<Block | undefined> {
    return this.blockBy(toQuantity(number), signal);
  }

  async swaps(
    pools: readonly Address[],
    span: Span,
    signal: AbortSignal,
  ): Promise<readonly Swap[]> {
    if (pools.length === 0) return [];
    const logs = await this.logs({ address: pools, topics: [swapTopic] }, span, signal);
    return inOrder(logs.map(swapOf));
  }

  async tokenTransfers(
    wallets: readonly Address[],
    tokens: readonly Address[],
    span: Span,
    signal: AbortSignal,
  ): Promise<readonly TokenTransfer[]> {
    if (wallets.length === 0 || tokens.length === 0) return [];
    const owners = wallets.map(toTopic);
    const logs = await Promise.all(
      [
        [transferTopic, owners],
        [transferTopic, null, owners],
      ].map((topics) => this.logs({ address: tokens, topics }, span, signal)),
    );
    const each = new Map(logs.flat().map((log) => [`${log.blockHash} ${log.logIndex}`, log]));
    return inOrder([...each.values()].map(transferOf));
  }

  async coinTransfers(
    wallets: readonly Address[],
    block: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly CoinTransfer[]> {
    const full = await this.ask(
      "eth_getBlockByHash",
      [block.hash, true],
      answers.fullBlock,
      signal,
    );
    if (full === null) throw new ChainError("not_there", `There is no block ${block.hash}.`);
    const moved = full.transactions.flatMap(({ hash: transaction, from, to, value: amount }) => {
      const ours = wallets.includes(from) || (to && wallets.includes(to));
      return ours && to && amount > 0n ? [{ block, transaction, from, to, amount }] : [];
    });
    const done = await Promise.all(moved.map((each) => this.succeeded(each.transaction, signal)));
    return moved.filter((_, index) => done[index]);
  }

  async pair(pool: Address, signal: AbortSignal): Promise<Pair> {
    const known = this.pairs.get(pool);
    if (known !== undefined) return known;
    const [token0, token1] = await Promise.all([
      this.call(pool, calls.token0, results.token0, signal),
      this.call(pool, calls.token1, results.token1, signal),
    ]);
    const tokens = await Promise.all([this.token(token0, signal), this.token(token1, signal)]);
    const pair = { pool, token0: tokens[0], token1: tokens[1] };
    this.pairs.set(pool, pair);
    return pair;
  }

  async token(address: Address, signal: AbortSignal): Promise<Token> {
    const known = this.tokens.get(address);
    if (known !== undefined) return known;
    const [symbol, decimals] = await Promise.all([
      this.call(address, calls.symbol, results.symbol, signal),
      this.call(address, calls.decimals, results.decimals, signal),
    ]);
    const token = { address, symbol: plainSymbol(symbol), decimals };
    this.tokens.set(address, token);
    return token;
  }

  reserves(pool: Address, signal: AbortSignal, at?: number): Promise<Reserves> {
    return this.call(pool, calls.reserves, results.reserves, signal, at);
  }

  balance(
    owner: Address,
    token: Address | "coin",
    signal: AbortSignal,
    at?: number,
  ): Promise<bigint> {
    if (token === "coin")
      return this.ask("eth_getBalance", [owner, when(at)], answers.amount, signal);
    return this.call(token, calls.balanceOf(owner), results.balance, signal, at);
  }

  async senderOf(transaction: Hash, signal: AbortSignal): Promise<Address | undefined> {
    const call = { method: "eth_getTransactionByHash", params: [transaction] };
    try {
      return await this.rpc.ask(call, readSender, signal);
    } catch (error) {
      if (error instanceof ChainError && error.trouble === "not_there") return undefined;
      throw error;
    }
  }

  private async blockBy(number: string, signal: AbortSignal): Promise<Block | undefined> {
    return (
      (await this.ask("eth_getBlockByNumber", [number, false], answers.block, signal)) ?? undefined
    );
  }

  private logs(
    filter: { readonly address: readonly Address[]; readonly topics: readonly unknown[] },
    span: Span,
    signal: AbortSignal,
  ): Promise<readonly RawLog[]> {
    const where =
      "block" in span
        ? { blockHash: span.block.hash }
        : { fromBlock: toQuantity(span.first), toBlock: toQuantity(span.last) };
    return this.ask("eth_getLogs", [{ ...filter, ...where }], answers.logs, signal);
  }

  private async succeeded(transaction: Hash, signal: AbortSignal): Promise<boolean> {
    const call = { method: "eth_getTransactionReceipt", params: [transaction] };
    return (await this.rpc.ask(call, readStatus, signal)) === 1;
  }

  private async call<Value>(
    to: Address,
    data: Hash,
    read: (answer: Hash) => Value,
    signal: AbortSignal,
    at?: number,
  ): Promise<Value> {
    const answer = await this.ask("eth_call", [{ to, data }, when(at)], answers.data, signal);
    try {
      return read(answer);
    } catch {
      throw new ChainError("strange_contract", `${to} does not answer as such a contract does.`);
    }
  }

  private async ask<Value>(
    method: string,
    params: readonly unknown[],
    schema: z.ZodType<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    const read = (answer: unknown): Value => readAnswer(schema, answer, method);
    return this.rpc.ask({ method, params }, read, signal);
  }
}

/** An address that lags behind does not know a new transaction yet; another one may. */
function readSender(answer: unknown): Address {
  const found = readAnswer(answers.sender, answer, "eth_getTransactionByHash");
  if (found === null) throw new ChainError("not_there", "The transaction is not there.");
  return found.from;
}

/** As for the sender: a receipt that is not there says nothing of how its transaction ended. */
function readStatus(answer: unknown): number {
  const found = readAnswer(answers.receipt, answer, "eth_getTransactionReceipt");
  if (found === null) throw new ChainError("not_there", "The receipt is not there.");
  return found.status;
}

function when(at: number | undefined): string {
  return at === undefined ? "latest" : toQuantity(at);
}

function inOrder<Event extends Swap | TokenTransfer>(
  events: readonly (Event | undefined)[],
): Event[] {
  return events
    .filter((event) => event !== undefined)
    .toSorted((a, b) => a.block.number - b.block.number || a.logIndex - b.logIndex);
}
