import { distinctAmount, shortAmount } from "../../../shared/chain/amounts/format-amount.ts";
import type { Address, Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Asset } from "../holdings/assets.ts";
import type { WalletOption } from "../options.ts";
import type { Movement } from "../watch/transfers.ts";
import { linked } from "./marks.ts";

export interface AlertParts {
  readonly chain: Chain;
  readonly wallets: readonly WalletOption[];
  readonly unit: Asset | undefined;
}

/** What something was worth in the unit, by the pools after its block, or by those of today. */
export interface Worth {
  readonly value: bigint;
  readonly isToday: boolean;
}

/** @param worth undefined where nothing prices the asset */
export function transferText(
  movement: Movement,
  asset: Asset,
  worth: Worth | undefined,
  { chain, wallets, unit }: AlertParts,
): string {
  const nameOf = (address: Address): string | undefined =>
    wallets.find((wallet) => wallet.address === address)?.name;
  const [from, to] = [nameOf(movement.from), nameOf(movement.to)];
  const value =
    worth === undefined || unit === undefined
      ? ""
      : ` (${shortAmount(worth.value, unit.decimals, 2)} ${markdownText(unit.label)}${worth.isToday ? " at today's price" : ""})`;
  const told = (name: string | undefined, address: Address): string =>
    name === undefined ? linked(chain, "address", address) : `**${markdownText(name)}**`;
  const sign =
    from === undefined ? "📥 **In:**" : to === undefined ? "📤 **Out:**" : "🔁 **Moved:**";
  return [
    `${sign} ${shortAmount(movement.amount, asset.decimals)} ${markdownText(asset.label)}${value}`,
    `From ${told(from, movement.from)} to ${told(to, movement.to)}, block ${movement.block}, transaction ${linked(chain, "tx", movement.transaction)}`,
  ].join("\n\n");
}

export function lowText(
  wallet: WalletOption,
  asset: Asset,
  { amount, below, isLow }: { amount: bigint; below: bigint; isLow: boolean },
): string {
  const has = `${distinctAmount(amount, below, asset.decimals)} ${markdownText(asset.label)}`;
  const limit = distinctAmount(below, amount, asset.decimals);
  const name = markdownText(wallet.name);
  return isLow
    ? `⚠️ **${name} is low:** ${has}, less than ${limit}`
    : `✅ **${name}** has ${has} again, at least ${limit}`;
}
