import type { Address } from "../../../shared/chain/chain.ts";
import { keyOf, type PostPlace } from "../ledger/post.ts";
import type { TrackedPool } from "./tracked-pool.ts";
import type { WatchFile, WatchOrder } from "./watch-file.ts";

/** A place that hears of the buys in a pool. */
export interface Watch {
  readonly place: PostPlace;
  readonly pool: Address;
  /** Whole tokens of what the pool is paid with. */
  readonly threshold: string;
}

export interface WatchListParts {
  /** Of the configuration. */
  readonly configured: readonly Watch[];
  readonly file: Pick<WatchFile, "all" | "set">;
  readonly pools: ReadonlyMap<Address, TrackedPool>;
  /** Where a chat is now: a group may have become a supergroup. */
  readonly whereIs: (chatId: number) => number;
}

/** Who hears of what: the configuration, and over it what was ordered in the chats. */
export class WatchList {
  private readonly parts: WatchListParts;

  constructor(parts: WatchListParts) {
    this.parts = parts;
  }

  get all(): readonly Watch[] {
    const { configured, file } = this.parts;
    const merged = new Map<string, Watch>();
    for (const watch of configured) merged.set(this.keyFor(watch), this.here(watch));
    for (const order of file.all) {
      const key = this.keyFor(order);
      if (order.threshold === null) merged.delete(key);
      else merged.set(key, this.here({ ...order, threshold: order.threshold }));
    }
    return [...merged.values()];
  }

  at(place: PostPlace): readonly Watch[] {
    return this.all.filter((watch) => keyOf(watch.place) === keyOf(place));
  }

  /** On the disk when it resolves. @param threshold null: the place wants nothing of the pool */
  async order(order: WatchOrder): Promise<void> {
    await this.parts.file.set(order);
  }

  /** Whether anybody wants to hear of such a payment. */
  readonly isWanted = (pool: Address, paid: bigint): boolean =>
    this.placesFor(pool, paid).length > 0;

  placesFor(pool: Address, paid: bigint): readonly PostPlace[] {
    const decimals = this.parts.pools.get(pool)?.quote.decimals;
    if (decimals === undefined) return [];
    return this.all
      .filter((watch) => watch.pool === pool && paid >= unitsOf(watch.threshold, decimals))
      .map(({ place }) => place);
  }

  private keyFor({ place, pool }: Pick<Watch, "place" | "pool">): string {
    return `${keyOf(this.moved(place))} ${pool}`;
  }

  private here(watch: Watch): Watch {
    return { ...watch, place: this.moved(watch.place) };
  }

  private moved(place: PostPlace): PostPlace {
    return { ...place, chatId: this.parts.whereIs(place.chatId) };
  }
}

/** What is finer than the token's smallest unit is rounded down. */
function unitsOf(threshold: string, decimals: number): bigint {
  const [whole = "0", rest = ""] = threshold.split(".");
  return BigInt(whole + rest.slice(0, decimals).padEnd(decimals, "0"));
}
