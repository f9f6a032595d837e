import type { Address, Chain } from "../../../shared/chain/chain.ts";
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

  /** @throws ChainError, `refused` where there is no such pair */
  async look(pool: Address, signal: AbortSignal): Promise<TrackedPool> {
    const known = this.pools.get(pool);
    if (known !== undefined) return known;
    const tracked = trackedPool(await this.chain.pair(pool, signal), this.tracks.get(pool));
    this.pools.set(pool, tracked);
    return tracked;
  }
}
