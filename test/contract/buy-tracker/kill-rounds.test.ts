import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hash } from "../../../shared/chain/chain.ts";
import { noAnvil } from "../../support/chain/anvil.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { TrackedChat } from "./tracked-chat.ts";

/** By hand: TRACKER_KILL_ROUNDS=50. */
const rounds = Number(process.env["TRACKER_KILL_ROUNDS"] ?? 5);
const seed = Number(process.env["TRACKER_KILL_SEED"] ?? 1);

describe.skipIf(noAnvil !== undefined)(`buy_tracker killed at random ${noAnvil ?? ""}`, () => {
  let chat: TrackedChat;
  beforeAll(async () => {
    chat = await TrackedChat.open();
  });
  afterAll(() => chat.close());

  it(
    `tells each buy once in ${rounds} lives`,
    async () => {
      const random = seededRandom(seed);
      const { market, anvil } = chat;
      const bought: Hash[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // Around the time at which it is ready and tells, before and after.
        const lifeMs = 400 + random() * 1_600;
        const bot = chat.bot;
        const endAt = performance.now() + lifeMs;
        while (performance.now() < endAt) {
          const buyer = await market.newAccount(Math.floor(random() * 20));
          const { transaction } = await market.buy(
            buyer,
            BigInt(Math.floor((20 + random() * 50) * 1e6)),
          );
          bought.push(transaction);
          await anvil.mine();
          await new Promise((resolve) => setTimeout(resolve, random() * 200));
        }
        bot.kill("SIGKILL");
        await bot.end();
        chat.start();
      }
      for (const transaction of bought) await chat.toldOf(transaction, /buy/i, 60_000);
      const counts = new Map<Hash, { plain: number; marked: number }>();
      for (const { text, transactions } of chat.told())
        for (const transaction of transactions) {
          const count = counts.get(transaction) ?? { plain: 0, marked: 0 };
          counts.set(transaction, count);
          if (text.includes("sent again after a restart")) count.marked += 1;
          else count.plain += 1;
        }
      const wrong = bought.filter((transaction) => {
        const { plain = 0, marked = 0 } = counts.get(transaction) ?? {};
        // A copy of what may have arrived when the process died says that it is one.
        return plain > 1 || plain + marked === 0;
      });
      const copies = [...counts.values()].filter(({ plain, marked }) => plain + marked > 1).length;
      console.log(`${rounds} lives, ${bought.length} buys, ${copies} told again with a mark`);
      expect(wrong, `seed ${seed}\n${chat.output.slice(-4_000)}`).toEqual([]);
    },
    60_000 + rounds * 10_000,
  );
});
