import type { Address } from "../../shared/chain/chain.ts";
import { simulatedPools } from "../../shared/chain/simulated/assets.ts";
import type { TrackerOptions } from "./options.ts";
import type { KnownPool } from "./watch/pool-book.ts";
import type { Watch } from "./watch/watch-list.ts";

/** The simulated market has a buy of this size every minute: enough to see that something lives, few enough to read. */
const simulatedThreshold = "700";

export interface Surroundings {
  readonly sandbox: boolean;
  readonly allowedUsers: readonly number[];
}

/** The pools of the configuration; without a chain those of the simulated market. */
export function configuredPools({ chain, pools }: TrackerOptions): readonly KnownPool[] {
  return chain === undefined
    ? simulatedPools.map(({ pool, token0 }) => ({ address: pool, track: token0.address }))
    : pools;
}

/**
 * Who hears of what by configuration. In the sandbox, where nobody was named, its user does, in the private chat: a
 * newcomer sees a buy without having configured anything. On Telegram a bot cannot write to whoever has not written first.
 */
export function configuredWatches(
  options: TrackerOptions,
  { sandbox, allowedUsers }: Surroundings,
): readonly Watch[] {
  const pools = configuredPools(options).map(({ address }) => address);
  const { posts, threshold } = options;
  if (posts.length === 0 && sandbox) {
    const [first, ...others] = pools;
    const shown: Address[] =
      first === undefined ? [] : options.chain === undefined ? [first] : [first, ...others];
    const least = options.chain === undefined ? simulatedThreshold : threshold;
    return allowedUsers.flatMap((chatId) =>
      shown.map((pool) => ({ place: { chatId }, pool, threshold: least })),
    );
  }
  return posts.flatMap(({ chat, topic, pool, threshold: own }) =>
    (pool === undefined ? pools : [pool]).map((each) => ({
      place: { chatId: chat, ...(topic === undefined ? {} : { topicId: topic }) },
      pool: each,
      threshold: own ?? threshold,
    })),
  );
}
