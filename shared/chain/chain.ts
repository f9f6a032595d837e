/** A 20-byte address as hexadecimal digits in lower case, so that equal ones are equal strings. */
export type Address = `0x${string}`;
/** 32 bytes as hexadecimal digits: of a block or of a transaction. */
export type Hash = `0x${string}`;

/** A block by number and hash: after a reorganisation the same number has another hash. */
export interface BlockRef {
  readonly number: number;
  readonly hash: Hash;
}

export interface Block extends BlockRef {
  readonly parentHash: Hash;
  /** When it was made, epoch milliseconds. */
  readonly timestampMs: number;
}

/** Where to look for events: in one block by its hash (never of a fork beside it), or in all from `first` to `last`. */
export type Span = { readonly block: BlockRef } | { readonly first: number; readonly last: number };

/** Where on the chain something happened. */
interface Happening {
  readonly block: BlockRef;
  readonly transaction: Hash;
  /** Its place in the block; another one after a reorganisation. */
  readonly logIndex: number;
}

/** One trade of a Uniswap-v2 pair, amounts in the smallest units of the two tokens. */
export interface Swap extends Happening {
  readonly pool: Address;
  readonly to: Address;
  readonly amount0In: bigint;
  readonly amount1In: bigint;
  readonly amount0Out: bigint;
  readonly amount1Out: bigint;
}

/** A movement of an ERC-20 token. */
export interface TokenTransfer extends Happening {
  readonly token: Address;
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
}

/** A movement of the chain's own coin by a transaction; what contracts send inside of one leaves no trace. */
export interface CoinTransfer {
  readonly block: BlockRef;
  readonly transaction: Hash;
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
}

export interface Token {
  readonly address: Address;
  readonly symbol: string;
  /** How many digits of an amount stand behind the point. */
  readonly decimals: number;
}

/** The two tokens of a pair, in the order of the contract. */
export interface Pair {
  readonly pool: Address;
  readonly token0: Token;
  readonly token1: Token;
}

export interface Reserves {
  readonly reserve0: bigint;
  readonly reserve1: bigint;
}

/**
 * A chain as the bots see it. Every call rejects with a {@link ChainError} when the chain cannot be asked now, or with
 * the signal's reason. Amounts are exact: the smallest units as bigint.
 */
export interface Chain {
  /** Names its state on the disk: "8453", "simulated". */
  readonly id: string;
  /** For people: "Base", "simulated market". */
  readonly name: string;
  /** Nothing of it is real; whoever shows something of it must say so. */
  readonly simulated: boolean;
  /** The symbol and decimals of the chain's own coin. */
  readonly coin: { readonly symbol: string; readonly decimals: number };
  /** How long a new block takes, roughly: how often to ask. */
  readonly blockTimeMs: number;
  /** Web address of a block explorer; undefined where there is none to link to. */
  readonly explorer: string | undefined;
  /** The newest block. */
  head(signal: AbortSignal): Promise<Block>;
  /** The block that has this number now; undefined where the chain is not so long. */
  block(number: number, signal: AbortSignal): Promise<Block | undefined>;
  /** In the order of the chain. */
  swaps(pools: readonly Address[], span: Span, signal: AbortSignal): Promise<readonly Swap[]>;
  /** Of these tokens, to or from these wallets, in the order of the chain; each once. */
  tokenTransfers(
    wallets: readonly Address[],
    tokens: readonly Address[],
    span: Span,
    signal: AbortSignal,
  ): Promise<readonly TokenTransfer[]>;
  /** To or from these wallets, of one block. */
  coinTransfers(
    wallets: readonly Address[],
    block: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly CoinTransfer[]>;
  pair(pool: Address, signal: AbortSignal): Promise<Pair>;
  token(address: Address, signal: AbortSignal): Promise<Token>;
  /** @param at number of the block after which; default: the newest. Old ones may be forgotten (`ChainError`). */
  reserves(pool: Address, signal: AbortSignal, at?: number): Promise<Reserves>;
  /** Of a token, or of the coin itself. @param at as for `reserves` */
  balance(
    owner: Address,
    token: Address | "coin",
    signal: AbortSignal,
    at?: number,
  ): Promise<bigint>;
  /** Who signed a transaction; undefined where the chain does not know it (any more). */
  senderOf(transaction: Hash, signal: AbortSignal): Promise<Address | undefined>;
}
