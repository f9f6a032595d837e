import type { Block } from "../../../shared/chain/chain.ts";
import { unitsOf } from "../holdings/assets.ts";
import { valueOf } from "../holdings/prices.ts";
import type { Snapshot } from "../holdings/snapshot.ts";
import { lowText, transferText } from "../pages/alert-texts.ts";
import type { Treasury } from "../treasury.ts";
import { crossing, type LowState } from "./low-balance.ts";
import { movementsIn } from "./transfers.ts";
import type { Alert } from "./untold.ts";

export interface TransferAlert extends Alert {
  readonly block: number;
}

/** The transfers of some blocks that are worth telling. One that nothing prices always is. */
export async function transferAlerts(
  treasury: Treasury,
  first: number,
  last: Block,
  signal: AbortSignal,
): Promise<TransferAlert[]> {
  const { chain, options } = treasury.parts;
  const movements = await movementsIn(chain, options, first, last, signal);
  if (movements.length === 0) return [];
  const { holdings, unit } = await treasury.look(signal);
  const threshold = unit === undefined ? 0n : unitsOf(options.transfers_from, unit);
  const parts = { chain, wallets: options.wallets, unit };
  return movements.flatMap((movement): TransferAlert[] => {
    const holding = holdings.find(({ asset }) => asset.address === movement.asset);
    if (holding === undefined) return [];
    const value = valueOf(movement.amount, holding.price);
    if (value !== undefined && value < threshold) return [];
    const { block, transaction, number } = movement;
    const key = `transfer ${chain.id} ${transaction} ${number}`;
    return [{ key, text: transferText(movement, holding.asset, value, parts), block }];
  });
}

/** Each balance that has become low, or enough again, since the last look, and what is to be remembered of it. */
export function lowAlerts(
  { parts: { chain, memory, clock } }: Treasury,
  { holdings }: Snapshot,
): { readonly low: Record<string, LowState>; readonly alerts: readonly Alert[] } {
  const low = { ...memory.now.low };
  const alerts: Alert[] = [];
  for (const { asset, perWallet } of holdings) {
    for (const { wallet, amount } of perWallet) {
      const limit = wallet.low[asset.address === "coin" ? "coin" : asset.label];
      if (limit === undefined) continue;
      const below = unitsOf(limit, asset);
      const name = `${wallet.address}/${asset.address}`;
      const next = crossing(low[name], amount, below);
      if (next === undefined) continue;
      low[name] = next;
      // Its time makes it this crossing's own, also where what is remembered of earlier ones is lost.
      const key = `low ${chain.id} ${name} ${clock.now()}`;
      alerts.push({ key, text: lowText(wallet, asset, { amount, below, isLow: next.isLow }) });
    }
  }
  return { low, alerts };
}
