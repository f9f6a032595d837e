import type { Chain } from "../../../shared/chain/chain.ts";
import { markedPlain, simulatedMark } from "../../../shared/chain/simulated/simulated-mark.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";

const paperWords = "Paper trading, no real money.";
/** Telegram refuses longer ones. */
const longestPopUp = 200;

/** Stands above everything the bot says: nobody may take paper for money, or a simulated market for a real one. */
export function paperMark(chain: Pick<Chain, "simulated" | "name">): string {
  return chain.simulated
    ? `📝 **${paperWords}**\\\n${simulatedMark(chain)}`
    : `📝 **${paperWords}** Prices of ${markdownText(chain.name)}.`;
}

/** A pop-up, which knows no Markdown and has little room, with the same above it. */
export function paperPopUp(chain: Pick<Chain, "simulated">, text: string): string {
  const marked = `${paperWords}\n${markedPlain(chain, text)}`;
  return marked.length > longestPopUp ? `${marked.slice(0, longestPopUp - 1)}…` : marked;
}
