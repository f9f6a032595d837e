import { readFileSync } from "node:fs";
import { encodeDeployData, encodeFunctionData, parseAbi } from "viem";
import { amountOut } from "../../../shared/chain/amounts/pool-math.ts";
import type { Address, Hash } from "../../../shared/chain/chain.ts";
import type { Anvil } from "./anvil.ts";

const bytecode = JSON.parse(
  readFileSync(new URL("../../fixtures/contracts/market.json", import.meta.url), "utf8"),
) as Record<"Token" | "Pair" | "Trader", Hash>;

const abi = parseAbi([
  "constructor(string symbol, uint8 decimals, uint256 supply)",
  "function transfer(address to, uint256 value)",
  "function sync()",
  "function trade(address pair, address paid, uint256 amount, uint256 out0, uint256 out1)",
]);
const pairAbi = parseAbi(["constructor(address a, address b)"]);
const supply = 10n ** 30n;
export const coin = 10n ** 18n;

/** A trade as the contract must have filled it. */
export interface Filled {
  readonly transaction: Hash;
  readonly paid: bigint;
  readonly got: bigint;
}

/** Tokens TKN (18 decimals) and USDX (6), and a pair of them with 100,000 TKN and 50,000 USDX, on a real chain. */
export class LocalMarket {
  readonly anvil: Anvil;
  readonly owner: Address;
  readonly base: Address;
  readonly quote: Address;
  readonly pair: Address;
  private readonly trader: Address;
  private reserves = { base: 100_000n * coin, quote: 50_000n * 10n ** 6n };

  private constructor(anvil: Anvil, owner: Address, made: Record<string, Address>) {
    this.anvil = anvil;
    this.owner = owner;
    this.base = made["base"] ?? "0x";
    this.quote = made["quote"] ?? "0x";
    this.pair = made["pair"] ?? "0x";
    this.trader = made["trader"] ?? "0x";
  }

  static async deploy(anvil: Anvil): Promise<LocalMarket> {
    const [owner] = (await anvil.ask("eth_accounts")) as Address[];
    if (owner === undefined) throw new Error("the chain has no account");
    const make = async (data: Hash): Promise<Address> => {
      const hash = await anvil.ask("eth_sendTransaction", { from: owner, data, gas: "0x2dc6c0" });
      await anvil.mine();
      const receipt = await anvil.ask("eth_getTransactionReceipt", hash);
      return (receipt as { contractAddress: string }).contractAddress.toLowerCase() as Address;
    };
    const token = (symbol: string, decimals: number): Promise<Address> =>
      make(encodeDeployData({ abi, bytecode: bytecode.Token, args: [symbol, decimals, supply] }));
    const base = await token("TKN", 18);
    const quote = await token("USDX", 6);
    const args = [base, quote] as const;
    const pair = await make(encodeDeployData({ abi: pairAbi, bytecode: bytecode.Pair, args }));
    const trader = await make(bytecode.Trader);
    const market = new LocalMarket(anvil, owner, { base, quote, pair, trader });
    await market.transfer(base, pair, market.reserves.base);
    await market.transfer(quote, pair, market.reserves.quote);
    await market.send(pair, encodeFunctionData({ abi, functionName: "sync" }));
    for (const each of [base, quote]) await market.transfer(each, trader, supply / 10n);
    await anvil.mine();
    return market;
  }

  get now(): Readonly<{ base: bigint; quote: bigint }> {
    return { ...this.reserves };
  }

  /** Waits in the pool of transactions until somebody mines. */
  async buy(buyer: Address, paid: bigint): Promise<Filled> {
    const got = amountOut(paid, this.reserves.quote, this.reserves.base);
    this.reserves = { base: this.reserves.base - got, quote: this.reserves.quote + paid };
    return { transaction: await this.trade(buyer, this.quote, paid, got), paid, got };
  }

  async sell(seller: Address, paid: bigint): Promise<Filled> {
    const got = amountOut(paid, this.reserves.base, this.reserves.quote);
    this.reserves = { base: this.reserves.base + paid, quote: this.reserves.quote - got };
    return { transaction: await this.trade(seller, this.base, paid, got), paid, got };
  }

  /** What the contract gives, tried with one unit more than it may: for tests of the mathematics. */
  tradeExactly(sender: Address, paidToken: Address, paid: bigint, got: bigint): Promise<Hash> {
    return this.trade(sender, paidToken, paid, got);
  }

  async transfer(token: Address, to: Address, value: bigint, from = this.owner): Promise<Hash> {
    const data = encodeFunctionData({ abi, functionName: "transfer", args: [to, value] });
    return this.send(token, data, from);
  }

  /** An account that was never used, with coins for its fees, whose transactions need no key. */
  async newAccount(number: number): Promise<Address> {
    const account: Address = `0x${(0xabcdef0000n + BigInt(number)).toString(16).padStart(40, "7")}`;
    await this.anvil.ask("anvil_impersonateAccount", account);
    await this.anvil.ask("anvil_setBalance", account, `0x${(100n * coin).toString(16)}`);
    return account;
  }

  /** The chain forgets blocks, and the pair is as it was then. */
  forgetTrades(reserves: Readonly<{ base: bigint; quote: bigint }>): void {
    this.reserves = { ...reserves };
  }

  private trade(from: Address, paidToken: Address, paid: bigint, got: bigint): Promise<Hash> {
    const gets0 = this.base < this.quote === (paidToken === this.quote);
    const outs = gets0 ? ([got, 0n] as const) : ([0n, got] as const);
    const args = [this.pair, paidToken, paid, ...outs] as const;
    return this.send(this.trader, encodeFunctionData({ abi, functionName: "trade", args }), from);
  }

  private async send(to: Address, data: Hash, from = this.owner): Promise<Hash> {
    const gas = "0x7a120";
    return (await this.anvil.ask("eth_sendTransaction", { from, to, data, gas })) as Hash;
  }
}
