/** What one agent takes after a long session (facts/agent-cli.md, section 9: 309 to 465 MB), with its tools. */
const bytesPerAgent = 512 * 1024 * 1024;
const mostAgents = 32;

/** How many agents a machine carries: half of its memory, so that tools, builds and everything else have room. */
export function seatLimitFor(memoryBytes: number): number {
  return Math.min(mostAgents, Math.max(1, Math.floor(memoryBytes / 2 / bytesPerAgent)));
}
