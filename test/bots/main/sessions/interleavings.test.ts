import { describe, expect, it } from "vitest";
import { Interleaving } from "./stage/interleaving.ts";

/** By hand: `TG_ROUNDS=20000 npx vitest run --project unit test/bots/main/sessions/interleavings`. */
const rounds = Number(process.env["TG_ROUNDS"] ?? 300);
const firstSeed = Number(process.env["TG_SEED"] ?? 1);

/** @returns what went wrong, with the end of the story; empty when nothing did */
async function told(seed: number): Promise<string> {
  const story = new Interleaving(seed);
  try {
    await story.run(60);
    return "";
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [`seed ${seed}: ${why}`, ...story.steps.slice(-40)].join("\n");
  }
}

describe("messages, agents, stops, timers and restarts in any order", () => {
  it(`keep every promise in ${rounds} stories`, { timeout: 600_000 }, async () => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      expect(await told(seed)).toBe("");
    }
  });
});
