/** Stands under every message that shows something of the simulated market, in Markdown. */
export const simulatedMark = "*Simulated market: nothing of this is real.*";
