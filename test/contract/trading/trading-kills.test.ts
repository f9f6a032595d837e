import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { Lives } from "./lives.ts";

/** By hand: TRADING_KILL_ROUNDS=50. */
const rounds = Number(process.env["TRADING_KILL_ROUNDS"] ?? 5);
const seed = Number(process.env["TRADING_KILL_SEED"] ?? 1);

let lives: Lives;

beforeAll(async () => {
  // The market moves on by itself; a quote that it has left behind would have a third end.
  const options = { commands_per_minute: 600, max_slippage_percent: 50 };
  lives = await Lives.open("public_trading_bot", options);
  lives.start();
});

afterAll(() => lives.close());

/** The trades of the ledger's file, in its order. */
function written(): { number: number; quote: string; cash: string; paid: string }[] {
  const folder = join(lives.handed.stateDir, "public_trading_bot");
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line.includes('"t":"trade"'))
    .map((line) => JSON.parse(line.slice(9)) as ReturnType<typeof written>[number]);
}

it(
  `trades each confirmed quote once, or says that it did not, in ${rounds} lives`,
  async () => {
    const random = seededRandom(seed);
    const { sandbox, chat, me } = lives.handed;
    const quotes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const asked = lives.say("/buy 10");
      const { id, words } = await lives.hears(/buys SIM/, asked, 30_000);
      const data = /"callback_data":"(take:\d+)"/.exec(words)?.[1] ?? "";
      quotes.push(id);
      // Pressed as often as somebody impatient would, around the moment at which the process dies.
      const presses = 1 + Math.floor(random() * 3);
      for (let press = 0; press < presses; press += 1) sandbox.user.press(chat, me, id, data);
      await new Promise((resolve) => setTimeout(resolve, random() * 40));
      await lives.kill();
      lives.start();
    }
    const endOf = (id: number): string | undefined => {
      const words = lives.said().find((each) => each.id === id)?.words ?? "";
      return /bought.*\(trade \d+\)|expired; nothing was traded/.exec(words)?.[0];
    };
    const ends = await eventually(
      () => {
        const found = quotes.map(endOf).filter((end) => end !== undefined);
        return found.length === quotes.length ? found : undefined;
      },
      () =>
        `every quote has its end\n${lives
          .said()
          .map(({ words }) => words)
          .join("\n")}`,
      // A quote lives for 60 s; only then is it told that it has expired.
      120_000,
    );
    // A quote of which nobody knew whether it had arrived stands twice, and both tell its one trade.
    const told = [...new Set(ends.filter((end) => end.startsWith("bought")))];
    const trades = written();
    console.log(
      `${rounds} lives, ${trades.length} trades, ${ends.filter((end) => end.startsWith("expired")).length} expired`,
    );
    expect(trades).toHaveLength(told.length);
    expect(new Set(trades.map(({ quote }) => quote)).size).toBe(trades.length);
    expect(trades.map(({ number }) => number)).toEqual(trades.map((_, index) => index + 1));
    expect(BigInt(trades.at(-1)?.cash ?? 10_000_000_000n)).toBe(
      10_000_000_000n - 10_000_000n * BigInt(trades.length),
    );
    await lives.hears(
      new RegExp(`${(10_000 - 10 * trades.length).toLocaleString("en")} sUSD`),
      lives.say("/portfolio"),
    );
  },
  150_000 + rounds * 10_000,
);
