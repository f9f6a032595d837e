import type { Block, BlockRef, Chain } from "../chain.ts";
import { ChainError } from "../chain-error.ts";
import { type Trail, trailLength } from "./trail.ts";

/** What a follower of a chain does next. */
export type Step =
  /** There is nothing new. */
  | { readonly kind: "wait" }
  /** Nothing was handled before: this is where it begins, without looking into the block. */
  | { readonly kind: "begin"; readonly block: Block }
  /** These handled blocks are no longer in the chain, oldest first. */
  | { readonly kind: "back"; readonly gone: readonly BlockRef[] }
  /** The block after the last handled one. */
  | { readonly kind: "block"; readonly block: Block }
  /** Many blocks at once, old enough to stay: from `first` to `last` itself. */
  | { readonly kind: "stretch"; readonly first: number; readonly last: Block };

/** Blocks so far behind the newest are taken in stretches; the nearer ones singly, by their hash. */
const settledDepth = 64;
const usualStretch = 2_000;

export interface FollowOptions {
  /** How many blocks must stand on a block, itself included, before it is handled. 1: as soon as it is seen. */
  readonly confirmations: number;
  /** At most so many blocks at once; default: 2,000. Shorter where each block costs a request: a stretch is all or nothing. */
  readonly longestStretch?: number;
}

/**
 * Compares what was handled with the chain as it is now. Asks only; whoever follows handles the step, remembers it in its
 * trail, and asks again.
 * @throws ChainError, `refused` for a chain that cannot be the one that was followed; the signal's reason
 */
export async function nextStep(
  chain: Pick<Chain, "head" | "block">,
  trail: Trail,
  { confirmations, longestStretch = usualStretch }: FollowOptions,
  signal: AbortSignal,
): Promise<Step> {
  const head = await chain.head(signal);
  const newest = head.number - confirmations + 1;
  const tip = trail.at(-1);
  if (tip === undefined) {
    const block = await blockAt(chain, Math.max(0, newest), head, signal);
    return { kind: "begin", block };
  }
  if (newest < tip.number - trailLength)
    throw new ChainError(
      "refused",
      `The chain ends at block ${head.number}, but ${tip.number} was handled: it is another one, or was begun anew.`,
    );
  // A shorter chain is one that lags behind, or one that will soon be longer: then it tells.
  if (newest < tip.number) return { kind: "wait" };
  if (newest === tip.number) {
    const same = await blockAt(chain, tip.number, head, signal);
    return same.hash === tip.hash ? { kind: "wait" } : goneStep(chain, trail, signal);
  }
  if (newest - tip.number > settledDepth) {
    const now = await chain.block(tip.number, signal);
    if (now?.hash !== tip.hash) return goneStep(chain, trail, signal);
    const end = Math.min(newest - settledDepth, tip.number + longestStretch);
    const last = await blockAt(chain, end, head, signal);
    return { kind: "stretch", first: tip.number + 1, last };
  }
  const block = await blockAt(chain, tip.number + 1, head, signal);
  return block.parentHash === tip.hash ? { kind: "block", block } : goneStep(chain, trail, signal);
}

/** The newest handled blocks up to the first that is still in the chain. */
async function goneStep(
  chain: Pick<Chain, "block">,
  trail: Trail,
  signal: AbortSignal,
): Promise<Step> {
  const gone: BlockRef[] = [];
  for (const handled of trail.toReversed()) {
    const now = await chain.block(handled.number, signal);
    if (now === undefined)
      throw new ChainError("not_there", `Block ${handled.number} is not there yet.`);
    if (now.hash === handled.hash) break;
    gone.unshift(handled);
  }
  return gone.length === 0 ? { kind: "wait" } : { kind: "back", gone };
}

async function blockAt(
  chain: Pick<Chain, "block">,
  number: number,
  head: Block,
  signal: AbortSignal,
): Promise<Block> {
  if (number === head.number) return head;
  const block = await chain.block(number, signal);
  if (block === undefined) throw new ChainError("not_there", `Block ${number} is not there yet.`);
  return block;
}
