import type { Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";

/** Stands above everything the bot says: nobody may take paper for money, or a simulated market for a real one. */
export function paperMark({ simulated, name }: Pick<Chain, "simulated" | "name">): string {
  return simulated
    ? "📝 **Paper trading on a simulated market.** Nothing here is real."
    : `📝 **Paper trading, no real money.** Prices of ${markdownText(name)}.`;
}
