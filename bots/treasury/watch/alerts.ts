import type { Block } from "../../../shared/chain/chain.ts";
import { unitsOf } from "../holdings/assets.ts";
import { valueOf } from "../holdings/prices.ts";
import type { PricesThen, Snapshot } from "../holdings/snapshot.ts";
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
  const { chain, options, holdings } = treasury.parts;
  const movements = await movementsIn(chain, options, first, last, signal);
  if (movements.length === 0) return [];
  const unit = await holdings.assets.unit(signal);
  const threshold = unit === undefined ? 0n : unitsOf(options.transfers_from, unit);
  const parts = { chain, wallets: options.wallets, unit };
  const alerts: TransferAlert[] = [];
  let known: PricesThen | undefined;
  for (const movement of movements) {
    const { block, transaction, number, amount } = movement;
    if (known?.block !== block) known = await holdings.pricesAfter(block, signal);
    const [asset, price] =
      [...known.prices].find(([each]) => each.address === movement.asset) ?? [];
    if (asset === undefined) continue;
    const value = valueOf(amount, price);
    if (value !== undefined && value < threshold) continue;
    const worth = value === undefined ? undefined : { value, isToday: known.isToday };
    const key = `transfer ${chain.id} ${transaction} ${number}`;
    alerts.push({ key, text: transferText(movement, asset, worth, parts), block });
  }
  return alerts;
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
