import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAnvil } from "../../support/chain/anvil.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { LocalVault } from "./local-vault.ts";

/** By hand: TREASURY_KILL_ROUNDS=50. */
const rounds = Number(process.env["TREASURY_KILL_ROUNDS"] ?? 5);
const seed = Number(process.env["TREASURY_KILL_SEED"] ?? 1);
const marked = "sent again after a restart";

describe.skipIf(noAnvil !== undefined)(`a treasury killed at random ${noAnvil ?? ""}`, () => {
  let local: LocalVault;

  beforeAll(async () => {
    local = await LocalVault.open();
  });

  afterAll(() => local.close());

  /** As if the last report had been years ago: one is due at the start. */
  function forgetReport(): void {
    const { stateDir } = local.lives.handed;
    for (const path of watchFiles(stateDir)) {
      const memory = JSON.parse(readFileSync(path, "utf8")) as object;
      writeFileSync(path, JSON.stringify({ ...memory, lastReport: "2020-01-01" }));
    }
  }

  it(
    `tells each transfer and the report of the day once in ${rounds} lives`,
    async () => {
      const random = seededRandom(seed);
      const { lives } = local;
      const paid: bigint[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const endAt = performance.now() + 300 + random() * 1_700;
        while (performance.now() < endAt) {
          paid.push(1_000n + BigInt(paid.length));
          await local.pay(paid.at(-1) ?? 0n);
          await new Promise((resolve) => setTimeout(resolve, random() * 600));
        }
        await lives.kill();
        forgetReport();
        lives.start();
      }
      for (const amount of paid)
        await lives.hears(new RegExp(`In: ${shown(amount)} TKN`), 0, 60_000);
      await lives.hears(/Daily report/);
      const said = lives.said();
      const plain = (words: string): number =>
        said.filter((each) => each.words.includes(words) && !each.words.includes(marked)).length;
      const copies = said.filter(({ words }) => words.includes(marked)).length;
      console.log(`${rounds} lives, ${paid.length} transfers, ${copies} told again with a mark`);
      expect(paid.filter((amount) => plain(`In: ${shown(amount)} TKN`) > 1)).toEqual([]);
      expect(plain("Daily report")).toBeLessThanOrEqual(1);
    },
    60_000 + rounds * 10_000,
  );
});

/** "1,000". */
function shown(amount: bigint): string {
  return amount.toLocaleString("en-US");
}

function watchFiles(stateDir: string): string[] {
  const root = join(stateDir, "treasury");
  return readdirSync(root).map((name) => join(root, name, "watch.json"));
}
