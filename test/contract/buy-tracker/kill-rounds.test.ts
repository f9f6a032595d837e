import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAnvil } from "../../support/chain/anvil.ts";
import { eventually } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { type Told, TrackedChat } from "./tracked-chat.ts";

/** By hand: TRACKER_KILL_ROUNDS=50. */
const rounds = Number(process.env["TRACKER_KILL_ROUNDS"] ?? 5);
const seed = Number(process.env["TRACKER_KILL_SEED"] ?? 1);
/** What the outbox puts behind a text of which nobody knows whether it arrived when the process died. */
const mark = "(sent again after a restart)";

const unmarked = ({ text }: Told): string => text.replace(mark, "").trim();

/** How many buys a message tells of, listed or not. */
function countIn(text: string): number {
  return Number(/^(\d+) buys?:/.exec(text)?.[1] ?? 1);
}

describe.skipIf(noAnvil !== undefined)(`buy_tracker killed at random ${noAnvil ?? ""}`, () => {
  let chat: TrackedChat;
  beforeAll(async () => {
    chat = await TrackedChat.open({ group_seconds: 0.5 });
    // Telegram takes its time, so that many die between a message and the word that it arrived.
    const slow = { kind: "delay", method: "sendMessage", times: 0, delay_ms: 250 };
    await new SandboxClient(chat.handed.sandbox).request("/sandbox/faults", slow);
  });
  afterAll(() => chat.close());

  it(
    `tells each buy once in ${rounds} lives`,
    async () => {
      const random = seededRandom(seed);
      const { market, anvil } = chat;
      let bought = 0;
      for (let round = 0; round < rounds; round += 1) {
        const { bot } = chat;
        // Half of them die while they start, half while they tell.
        if (round % 2 === 0) await bot.printed(/ready state=polling/);
        const endAt = performance.now() + random() * 1_500;
        do {
          const buyer = await market.newAccount(Math.floor(random() * 20));
          await market.buy(buyer, BigInt(Math.floor((20 + random() * 50) * 1e6)));
          bought += 1;
          await anvil.mine();
          await new Promise((resolve) => setTimeout(resolve, random() * 200));
        } while (performance.now() < endAt);
        bot.kill("SIGKILL");
        await bot.end();
        chat.start();
      }
      const posts = (): string[] => [...new Set(chat.told().map(unmarked))];
      const told = (): number => posts().reduce((sum, text) => sum + countIn(text), 0);
      await eventually(
        () => told() >= bought || undefined,
        () => `${bought} buys told, not ${told()}; seed ${seed}\n${chat.output.slice(-4_000)}`,
        // What was on its way in several lives waits for a longer one; behind it a chat takes one message a second.
        60_000 + rounds * 4_000,
      );
      expect(told(), `seed ${seed}`).toBe(bought);
      // A copy of what may have arrived says that it is one.
      const plain = chat.told().filter(({ text }) => !text.includes(mark));
      expect(plain.length).toBe(new Set(plain.map(unmarked)).size);
      const listed = chat.told().map((each) => [unmarked(each), each.transactions] as const);
      const transactions = [...new Map(listed).values()].flat();
      expect(transactions.length).toBe(new Set(transactions).size);
      const copies = chat.told().length - posts().length;
      console.log(
        `${rounds} lives, ${bought} buys in ${posts().length} messages, ${copies} marked copies`,
      );
    },
    120_000 + rounds * 14_000,
  );
});
