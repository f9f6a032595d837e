import type { Chain } from "../../../shared/chain/chain.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";

/** An address or transaction, linked where the chain has an explorer. */
export function linked(
  { explorer }: Pick<Chain, "explorer">,
  kind: "address" | "tx",
  id: string,
): string {
  const short = markdownText(`${id.slice(0, 6)}…${id.slice(-4)}`);
  return explorer === undefined ? short : `[${short}](${explorer}/${kind}/${id})`;
}
