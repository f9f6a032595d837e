import type { Address, Block, Chain, Swap } from "../../../shared/chain/chain.ts";
import { ChainError, type ChainTrouble } from "../../../shared/chain/chain-error.ts";
import type { Buy } from "../ledger/buy.ts";
import { buyKey } from "../ledger/buy.ts";
import { boughtIn, type TrackedPool } from "./tracked-pool.ts";

/** So many buys are looked into at once: public RPC addresses count requests. */
const atOnce = 6;

export interface Search {
  readonly chain: Chain;
  readonly pools: ReadonlyMap<Address, TrackedPool>;
  /** Smallest payment that anybody wants to hear of. */
  readonly isWanted: (pool: Address, paid: bigint) => boolean;
  /** Whether a trade was found before; then it is wanted whoever has unwatched its pool meanwhile. */
  readonly isKnown: (key: string) => boolean;
  /**
   * What was found of these trades before the chain refused to say more, by trade and block: a large stretch would begin
   * anew each time, and never end.
   */
  readonly found: Map<string, Buy>;
}

/**
 * The buys among these trades that somebody wants to hear of, each with its buyer and whether they held the token before.
 * @param last the newest block of the trades
 * @throws ChainError; the signal's reason
 */
export async function findBuys(
  { chain, pools, isWanted, isKnown, found }: Search,
  swaps: readonly Swap[],
  last: Block,
  signal: AbortSignal,
): Promise<readonly Buy[]> {
  const ordinals = new Map<string, number>();
  const wanted = swaps.flatMap((swap) => {
    const trades = `${swap.transaction}/${swap.pool}`;
    const ordinal = ordinals.get(trades) ?? 0;
    ordinals.set(trades, ordinal + 1);
    const pool = pools.get(swap.pool);
    if (pool === undefined) return [];
    const amounts = boughtIn(swap, pool);
    const key = buyKey(swap.transaction, swap.pool, ordinal);
    if (amounts === undefined || !(isKnown(key) || isWanted(swap.pool, amounts.paid))) return [];
    return [{ swap, key, pool, amounts }];
  });
  const buys: Buy[] = [];
  for (let start = 0; start < wanted.length; start += atOnce) {
    const group = wanted.slice(start, start + atOnce).map(async ({ swap, key, pool, amounts }) => {
      const { transaction, block } = swap;
      const name = `${key} ${block.hash}`;
      const before = found.get(name);
      if (before !== undefined) return before;
      const buyer = (await chain.senderOf(transaction, signal)) ?? swap.to;
      const holder = await holderBefore(chain, buyer, pool.base.address, block.number, signal);
      const made = block.hash === last.hash ? last : await chain.block(block.number, signal);
      const place = { key, pool: swap.pool, block, transaction, atMs: (made ?? last).timestampMs };
      const buy: Buy = { ...place, buyer, ...amounts, holder, fate: "there" };
      found.set(name, buy);
      return buy;
    });
    buys.push(...(await Promise.all(group)));
  }
  return returning(buys, pools);
}

/** Who buys again within a block has what they bought before; the block before it does not tell. */
function returning(buys: readonly Buy[], pools: ReadonlyMap<Address, TrackedPool>): readonly Buy[] {
  const bought = new Set<string>();
  return buys.map((buy) => {
    const name = `${buy.buyer} ${pools.get(buy.pool)?.base.address} ${buy.block.hash}`;
    const isAgain = bought.has(name);
    bought.add(name);
    return isAgain && buy.holder === "new" ? { ...buy, holder: "returning" } : buy;
  });
}

/** What nodes and tokens say of a balance that they will not tell of later, either. */
const forgotten: ReadonlySet<ChainTrouble> = new Set(["not_there", "refused", "strange_contract"]);

/** Nodes forget old states; then nobody knows. */
async function holderBefore(
  chain: Chain,
  owner: Address,
  token: Address,
  block: number,
  signal: AbortSignal,
): Promise<Buy["holder"]> {
  try {
    const before = await chain.balance(owner, token, signal, Math.max(0, block - 1));
    return before === 0n ? "new" : "returning";
  } catch (error) {
    const isForgotten = error instanceof ChainError && forgotten.has(error.trouble);
    if (isForgotten) return "unknown";
    throw error;
  }
}
