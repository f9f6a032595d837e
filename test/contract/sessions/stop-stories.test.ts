import { describe, expect, it } from "vitest";
import { Company } from "./stories/company.ts";

/** By hand: `TG_ROUNDS=300 npx vitest run --project contract test/contract/sessions/stop-stories`. */
const rounds = Number(process.env["TG_ROUNDS"] ?? 40);
const firstSeed = Number(process.env["TG_SEED"] ?? 1);
const atOnce = 20;

describe("messages, stops and restarts in any order, with real agents in five topics of a supergroup", () => {
  it(`${rounds} stories: only what was meant is stopped, and every receipt is true`, {
    timeout: rounds * 15_000,
  }, async () => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += atOnce) {
      const count = Math.min(atOnce, firstSeed + rounds - seed);
      await expect(Company.play(seed, count)).resolves.toBeUndefined();
    }
  });
});
