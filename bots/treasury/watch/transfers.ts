import type { Address, Block, Chain, Hash } from "../../../shared/chain/chain.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { inPieces } from "../../../shared/chain/follow/in-pieces.ts";
import type { TreasuryOptions } from "../options.ts";

/** A movement of a wallet's coin or token. */
export interface Movement {
  readonly asset: Address | "coin";
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
  readonly transaction: Hash;
  readonly block: number;
  /** Counts the movements of one transaction from 1; the same after a reorganisation. */
  readonly number: number;
}

/**
 * Everything that came in or went out of the wallets in some blocks, in the order of the chain, tokens first.
 * @param last the block at their end; the first may be the same
 * @throws ChainError
 */
export async function movementsIn(
  chain: Chain,
  { wallets, tokens }: TreasuryOptions,
  first: number,
  last: Block,
  signal: AbortSignal,
): Promise<Movement[]> {
  const owners = wallets.map(({ address }) => address);
  const contracts = Object.values(tokens).map(({ address }) => address);
  const ofTokens =
    contracts.length === 0
      ? []
      : first === last.number
        ? await chain.tokenTransfers(owners, contracts, { block: last }, signal)
        : await inPieces(first, last.number, (from, to) =>
            chain.tokenTransfers(owners, contracts, { first: from, last: to }, signal),
          );
  const ofCoin = await coinMovements(chain, owners, first, last, signal);
  // Transfers of nothing are made by anybody in anybody's name, to be found in a history and copied.
  const movements = [
    ...ofTokens.map(({ token, ...transfer }) => ({ ...transfer, asset: token })),
    ...ofCoin.map((transfer) => ({ ...transfer, asset: "coin" as const })),
  ].filter(({ amount }) => amount > 0n);
  const counts = new Map<Hash, number>();
  return movements.map(({ asset, from, to, amount, transaction, block }) => {
    const number = (counts.get(transaction) ?? 0) + 1;
    counts.set(transaction, number);
    return { asset, from, to, amount, transaction, block: block.number, number };
  });
}

async function coinMovements(
  chain: Chain,
  owners: readonly Address[],
  first: number,
  last: Block,
  signal: AbortSignal,
) {
  const found: Awaited<ReturnType<Chain["coinTransfers"]>>[number][] = [];
  for (let number = first; number <= last.number; number += 1) {
    const block = number === last.number ? last : await chain.block(number, signal);
    // A server that lags behind says so; what is in the block must not be passed over.
    if (block === undefined)
      throw new ChainError("not_there", `Block ${number} cannot be seen just now.`);
    found.push(...(await chain.coinTransfers(owners, block, signal)));
  }
  return found;
}
