import type { Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";

/** Stands above everything that comes from a simulated market; nothing stands above the rest. */
export function simulatedMark({ simulated }: Pick<Chain, "simulated">): string {
  return simulated ? "🧪 **Simulated market.** Nothing of it is real.\n\n" : "";
}

/** An address or transaction, linked where the chain has an explorer. */
export function linked(
  { explorer }: Pick<Chain, "explorer">,
  kind: "address" | "tx",
  id: string,
): string {
  const short = markdownText(`${id.slice(0, 6)}…${id.slice(-4)}`);
  return explorer === undefined ? short : `[${short}](${explorer}/${kind}/${id})`;
}
