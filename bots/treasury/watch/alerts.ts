import type { Block } from "../../../shared/chain/chain.ts";
import { unitsOf } from "../holdings/assets.ts";
import { valueOf } from "../holdings/prices.ts";
import type { Snapshot } from "../holdings/snapshot.ts";
import { lowText, transferText } from "../pages/alert-texts.ts";
import type { Treasury } from "../treasury.ts";
import { crossing } from "./low-balance.ts";
import { movementsIn } from "./transfers.ts";

/** Tells the transfers of some blocks that are worth telling. One that nothing prices always is. */
export async function tellTransfers(
  treasury: Treasury,
  first: number,
  last: Block,
  signal: AbortSignal,
): Promise<void> {
  const { chain, options, announcer } = treasury.parts;
  const movements = await movementsIn(chain, options, first, last, signal);
  if (movements.length === 0) return;
  const { holdings, unit } = await treasury.look(signal);
  const threshold = unit === undefined ? 0n : unitsOf(options.transfers_from, unit);
  for (const movement of movements) {
    const holding = holdings.find(({ asset }) => asset.address === movement.asset);
    if (holding === undefined) continue;
    const value = valueOf(movement.amount, holding.price);
    if (value !== undefined && value < threshold) continue;
    const parts = { chain, wallets: options.wallets, unit };
    const key = `transfer ${chain.id} ${movement.transaction} ${movement.number}`;
    await announcer.tell(key, transferText(movement, holding.asset, value, parts));
  }
}

/** Tells each balance that has become low, or enough again, since the last look. */
export async function tellLow(treasury: Treasury, { holdings }: Snapshot): Promise<void> {
  const { chain, memory, announcer } = treasury.parts;
  for (const { asset, perWallet } of holdings) {
    for (const { wallet, amount } of perWallet) {
      const limit = wallet.low[asset.address === "coin" ? "coin" : asset.label];
      if (limit === undefined) continue;
      const below = unitsOf(limit, asset);
      const name = `${wallet.address}/${asset.address}`;
      const next = crossing(memory.now.low[name], amount, below);
      if (next === undefined) continue;
      const text = lowText(wallet, asset, { amount, below, isLow: next.isLow });
      await announcer.tell(`low ${chain.id} ${name} ${next.crossings}`, text);
      await memory.change({ low: { ...memory.now.low, [name]: next } });
    }
  }
}
