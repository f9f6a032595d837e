import { amountOut, type PairFill } from "../../../shared/chain/amounts/pool-math.ts";
import type { Address, Chain, Token } from "../../../shared/chain/chain.ts";
import { ConfigurationError } from "../../../shared/errors.ts";

export type Side = "buy" | "sell";

/** The two tokens of the pool by what they are to the players. */
export interface Assets {
  /** What they play with. */
  readonly cash: Token;
  /** What they buy and sell. */
  readonly token: Token;
}

/** What lies in the pool, smallest units. */
export interface Depth {
  readonly cash: bigint;
  readonly tokens: bigint;
  /** What the pool keeps of a trade, in parts of 10,000. */
  readonly fee: bigint;
}

/** A trade as the pool would fill it now. */
export interface Fill extends PairFill {
  readonly side: Side;
}

/**
 * One pool, asked anew for every price. Paper trades do not move it.
 * Everything rejects with a ChainError while the chain cannot be asked.
 */
export class Market {
  readonly chain: Chain;
  private readonly pool: Address;
  private readonly tokenAddress: Address | undefined;
  private readonly fee: bigint;
  private known: Assets | undefined;

  /**
   * @param token which of the pool's two is bought and sold; default: its first
   * @param fee of the pool, in parts of 10,000
   */
  constructor(chain: Chain, pool: Address, token: Address | undefined, fee: bigint) {
    this.chain = chain;
    this.pool = pool;
    this.tokenAddress = token;
    this.fee = fee;
  }

  /** @throws ConfigurationError where the token is not one of the pool's */
  async assets(signal: AbortSignal): Promise<Assets> {
    if (this.known !== undefined) return this.known;
    const { token0, token1 } = await this.chain.pair(this.pool, signal);
    const wanted = this.tokenAddress ?? token0.address;
    if (wanted !== token0.address && wanted !== token1.address) {
      throw new ConfigurationError(
        `options.token of public_trading_bot is none of the two tokens of its pool (${token0.symbol} ${token0.address}, ${token1.symbol} ${token1.address}). Name one of them.`,
      );
    }
    this.known =
      wanted === token0.address ? { token: token0, cash: token1 } : { token: token1, cash: token0 };
    return this.known;
  }

  async depth(signal: AbortSignal): Promise<Depth> {
    const { token, cash } = await this.assets(signal);
    const { reserve0, reserve1 } = await this.chain.reserves(this.pool, signal);
    const [cashReserve, tokenReserve] = isFirst(token, cash)
      ? [reserve1, reserve0]
      : [reserve0, reserve1];
    return { cash: cashReserve, tokens: tokenReserve, fee: this.fee };
  }
}

/** As the contract of the pool would reckon it, its fee and the move of its price included. */
export function fillFrom(depth: Depth, side: Side, paid: bigint): Fill {
  const [reserveIn, reserveOut] =
    side === "buy" ? [depth.cash, depth.tokens] : [depth.tokens, depth.cash];
  const got = amountOut(paid, reserveIn, reserveOut, depth.fee);
  return { side, paid, got, reserveIn, reserveOut };
}

/** What a book is worth in cash: what selling all its tokens now would bring. */
export function worth(book: { readonly cash: bigint; readonly tokens: bigint }, depth: Depth) {
  return book.cash + amountOut(book.tokens, depth.tokens, depth.cash, depth.fee);
}

/** A pair's contract sorts its tokens by their addresses. */
function isFirst(token: Token, other: Token): boolean {
  return token.address < other.address;
}
