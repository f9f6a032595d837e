import type { Chain } from "../chain.ts";

/** The one wording, for every message, caption and picture that shows something of the simulated market. */
const simulatedWords = "Simulated market: nothing of it is real.";

/** What stands above a message, in Markdown; empty for a real chain. */
export function simulatedMark({ simulated }: Pick<Chain, "simulated">): string {
  return simulated ? `🧪 **${simulatedWords}**` : "";
}

/** A caption or pop-up, which knows no Markdown, with the same above it. */
export function markedPlain(chain: Pick<Chain, "simulated">, text: string): string {
  return chain.simulated ? `${simulatedWords}\n${text}` : text;
}
