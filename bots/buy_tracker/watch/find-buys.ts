import type { Address, Block, Chain, Swap } from "../../../shared/chain/chain.ts";
import { ChainError, type ChainTrouble } from "../../../shared/chain/chain-error.ts";
import type { Buy } from "../ledger/buy.ts";
import { buyKey } from "../ledger/buy.ts";
import { boughtIn, type TrackedPool } from "./tracked-pool.ts";

/** So many buys are looked into at once: public RPC addresses count requests. */
const atOnce = 6;
/**
 * So often trades that the chain tells little of are asked for again, some seconds in all: a node that lags behind catches
 * up, one that has forgotten does not.
 */
const mostSetbacks = 4;

/** What was found of the trades of a step before the chain refused to say more. */
export class Findings {
  /** By trade and block: a large stretch would begin anew each time, and never end. */
  readonly buys = new Map<string, Buy>();
  /** How often the chain could not say all, although it had told the trades. Its limits of requests do not count. */
  setbacks = 0;
}

export interface Search {
  readonly chain: Chain;
  readonly pools: ReadonlyMap<Address, TrackedPool>;
  /** Smallest payment that anybody wants to hear of. */
  readonly isWanted: (pool: Address, paid: bigint) => boolean;
  /** Whether a trade was found before; then it is wanted whoever has unwatched its pool meanwhile. */
  readonly isKnown: (key: string) => boolean;
  readonly findings: Findings;
}

/**
 * The buys among these trades that somebody wants to hear of, each with its buyer and whether they held the token before.
 * @param last the newest block of the trades
 * @throws ChainError; the signal's reason
 */
export async function findBuys(
  { chain, pools, isWanted, isKnown, findings }: Search,
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
  const detail = async ({ swap, key, pool, amounts }: (typeof wanted)[number]): Promise<Buy> => {
    const { transaction, block } = swap;
    const name = `${key} ${block.hash}`;
    const before = findings.buys.get(name);
    if (before !== undefined) return before;
    const asker = { chain, insists: findings.setbacks < mostSetbacks, signal };
    const buyer = await buyerOf(swap, asker);
    const holder = await holderBefore(buyer, pool.base.address, block.number, asker);
    const made = block.hash === last.hash ? last : await chain.block(block.number, signal);
    const place = { key, pool: swap.pool, block, transaction, atMs: (made ?? last).timestampMs };
    const buy: Buy = { ...place, buyer, ...amounts, holder, fate: "there" };
    findings.buys.set(name, buy);
    return buy;
  };
  const buys: Buy[] = [];
  try {
    for (let start = 0; start < wanted.length; start += atOnce)
      buys.push(...(await Promise.all(wanted.slice(start, start + atOnce).map(detail))));
  } catch (error) {
    if (error instanceof ChainError && error.trouble !== "rate_limited") findings.setbacks += 1;
    throw error;
  }
  return returning(buys, pools);
}

interface Asker {
  readonly chain: Chain;
  /** Whether to ask again for what the chain does not say; else the buy is told without it. */
  readonly insists: boolean;
  readonly signal: AbortSignal;
}

/** Who signed it; where nobody knows that any more, who got the tokens, which may be a router. */
async function buyerOf(
  { transaction, to }: Swap,
  { chain, insists, signal }: Asker,
): Promise<Address> {
  const sender = await chain.senderOf(transaction, signal);
  if (sender === undefined && insists)
    throw new ChainError("not_there", `The transaction ${transaction} is not there yet.`);
  return sender ?? to;
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
  owner: Address,
  token: Address,
  block: number,
  { chain, insists, signal }: Asker,
): Promise<Buy["holder"]> {
  try {
    const before = await chain.balance(owner, token, signal, Math.max(0, block - 1));
    return before === 0n ? "new" : "returning";
  } catch (error) {
    if (!(error instanceof ChainError) || error.trouble === "rate_limited") throw error;
    // Not every node says in known words that it has forgotten.
    if (insists && !forgotten.has(error.trouble)) throw error;
    return "unknown";
  }
}
