import { shortAmount } from "../../../shared/chain/amounts/format-amount.ts";
import type { Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Asset } from "../holdings/assets.ts";
import type { Snapshot } from "../holdings/snapshot.ts";
import type { Course } from "../past/course.ts";
import { localTime } from "../report/due.ts";
import { changeText, courseText, spanText } from "./course-words.ts";
import { linked } from "./marks.ts";

export interface PageParts {
  readonly chain: Chain;
  readonly zone: string;
  /** Of the last day, or of as much of it as is known. */
  readonly course: Course | undefined;
}

/** What the treasury holds, what it is worth, and how that has changed in a day, or since the history begins. */
export function holdingsPage(title: string, snapshot: Snapshot, parts: PageParts): string {
  const { chain, zone, course } = parts;
  const before = course?.first;
  const { holdings, unit, value, block, atMs } = snapshot;
  const rows = holdings.map(({ asset, total, value: worth }) => {
    const change = worth === undefined ? "" : changeText(before?.values[asset.address], worth);
    const price =
      worth === undefined || unit === undefined ? "" : shortAmount(worth, unit.decimals, 2);
    return `| ${markdownText(asset.label)} | ${shortAmount(total, asset.decimals)} | ${price} | ${change} |`;
  });
  const valueHead = unit === undefined ? "" : markdownText(unit.label);
  return [
    `🏦 **${title}** on ${markdownText(chain.name)}, block ${block}, ${localTime(atMs, zone)} (${zone})`,
    totalText(value, unit, parts),
    [
      `| asset | amount | ${valueHead} | ${course === undefined ? "" : spanText(course, zone)} |`,
      "|---|--:|--:|--:|",
      ...rows,
    ].join("\n"),
    ...walletTexts(snapshot, chain),
  ].join("\n\n");
}

function totalText(value: bigint, unit: Asset | undefined, { course, zone }: PageParts): string {
  if (unit === undefined) return "No unit is configured, so nothing is valued.";
  const change = course === undefined ? "no earlier value yet" : courseText(course, zone);
  return `**Total: ${shortAmount(value, unit.decimals, 2)} ${markdownText(unit.label)}** (${change})`;
}

function walletTexts({ holdings }: Snapshot, chain: Chain): string[] {
  const wallets = holdings[0]?.perWallet.map(({ wallet }) => wallet) ?? [];
  return wallets.map((wallet, index) => {
    const amounts = holdings.flatMap(({ asset, perWallet }) => {
      const amount = perWallet[index]?.amount ?? 0n;
      return amount === 0n
        ? []
        : [`${shortAmount(amount, asset.decimals)} ${markdownText(asset.label)}`];
    });
    const held = amounts.length === 0 ? "nothing" : amounts.join(", ");
    return `**${markdownText(wallet.name)}** (${linked(chain, "address", wallet.address)}): ${held}`;
  });
}
