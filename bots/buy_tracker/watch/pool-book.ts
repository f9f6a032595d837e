import type { Address, Chain, Pair } from "../../../shared/chain/chain.ts";
import { ConfigurationError } from "../../../shared/errors.ts";
import { type TrackedPool, trackedPool } from "./tracked-pool.ts";

/** A pool of the configuration. */
export interface KnownPool {
  readonly address: Address;
  readonly track?: Address | undefined;
}

/** The pools that are followed, with what their contracts say of themselves; asked once. */
export class PoolBook {
  readonly pools = new Map<Address, TrackedPool>();
  private readonly chain: Chain;
  private readonly tracks: ReadonlyMap<Address, Address | undefined>;

  constructor(chain: Chain, known: readonly KnownPool[]) {
    this.chain = chain;
    this.tracks = new Map(known.map(({ address, track }) => [address, track]));
  }

  /** The addresses of the configuration. */
  get known(): readonly Address[] {
    return [...this.tracks.keys()];
  }

  /** One that was looked at. @throws Error for another */
  of(pool: Address): TrackedPool {
    const tracked = this.pools.get(pool);
    if (tracked === undefined) throw new Error(`pool ${pool} was not looked at`);
    return tracked;
  }

  /**
   * @throws ChainError, `strange_contract` where there is no such pair; ConfigurationError where the token to track is none of
   * its two
   */
  async look(pool: Address, signal: AbortSignal): Promise<TrackedPool> {
    const known = this.pools.get(pool);
    if (known !== undefined) return known;
    const pair = await this.chain.pair(pool, signal);
    const track = this.tracks.get(pool);
    if (track !== undefined && track !== pair.token0.address && track !== pair.token1.address)
      throw strangeTrack(pair);
    const tracked = trackedPool(pair, track);
    this.pools.set(pool, tracked);
    return tracked;
  }
}

function strangeTrack({ pool, token0, token1 }: Pair): ConfigurationError {
  return new ConfigurationError(
    `"track" of the pool ${pool} in the options of buy_tracker is none of the two tokens of that pair (${token0.symbol} ${token0.address}, ${token1.symbol} ${token1.address}). Name one of them, or leave it out.`,
  );
}
