import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { press } from "../../support/pressing.ts";
import { eventually } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { type Way, ways } from "./ways.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
});

afterAll(() => telegram.remove());

/** The market moves on by itself between a quote and its press; more than 1 % is rare, but on a slow machine not impossible. */
const options = { max_slippage_percent: 50 };

describe.each(ways("public_trading_bot", options))("paper trading %s", (...way: Way) => {
  const [name, open] = way;
  let home: FleetHome;
  let chat: number;

  const ask = async (text: string, pattern: RegExp) =>
    sandbox.answer(chat, await sandbox.say(chat, text), pattern);
  const textOf = async (id: number): Promise<string> =>
    (await sandbox.messages(chat)).find(({ message_id }) => message_id === id)?.text ?? "";
  const becomes = (id: number, pattern: RegExp): Promise<string> =>
    eventually(
      async () => {
        const text = await textOf(id);
        return pattern.test(text) ? text : undefined;
      },
      () => `message ${id} becomes ${String(pattern)}\n${home.allOutput()}`,
    );

  beforeAll(async () => {
    ({ home, chat } = await open(sandbox));
  });

  afterAll(() => home.remove());

  it("tells the price, and that all is paper and simulated", async () => {
    const { text } = await ask("/price", /1 SIM = /);
    expect(text).toMatch(
      /Paper trading, no real money\.\n.*Simulated market: nothing of it is real\./,
    );
  });

  it("buys after a press, once, however often it is pressed", async () => {
    const quote = await ask("/buy 100", /buys SIM/);
    // The second one may come too late to find a button.
    const presses = await Promise.allSettled([1, 2].map(() => press(sandbox, chat, quote, /Buy/)));
    expect(presses.map(({ status }) => status)).toContain("fulfilled");
    const text = await becomes(quote.message_id, /bought/);
    expect(text).toMatch(/for 100 sUSD \(trade 1\)/);
    // The buttons are gone with the question.
    await expect(press(sandbox, chat, quote, /Buy/)).rejects.toThrow(/no button/);
    const { text: portfolio } = await ask("/portfolio", /Worth/);
    expect(portfolio).toMatch(/9,900 sUSD/);
    const { text: leaders } = await ask("/leaderboard", /1\. /);
    expect(leaders).toMatch(/Paper trading/);
  });

  it("sells, tells what was traded, and begins anew only when asked again", async () => {
    const quote = await ask("/sell all", /sells SIM/);
    await press(sandbox, chat, quote, /Sell/);
    await becomes(quote.message_id, /sold/);
    const question = await ask("/reset", /begin anew in this chat/);
    await press(sandbox, chat, question, /Begin anew/);
    await becomes(question.message_id, /begins anew/);
    await ask("/portfolio", /10,000 sUSD and 0 SIM/);
    expect((await ask("/history", /No trades yet/)).text).toMatch(/Paper trading/);
  });

  it("answers words that it does not know in a chat of its own, and leaves main's to main", async () => {
    const asked = await sandbox.say(chat, "/prize");
    await ask("/price", /1 SIM = /);
    const answers = (await sandbox.messages(chat)).filter(
      ({ message_id, text }) => message_id > asked && text?.includes("I do not know /prize"),
    );
    expect(answers).toHaveLength(name === "on main's token" ? 0 : 1);
  });

  it("says what is wrong with an order", async () => {
    await ask("/buy much", /Say how much sUSD/);
    await ask("/buy 10001", /more sUSD than there is/);
    expect((await ask("/sell 1", /more SIM/)).text).toMatch(/than there is/);
  });
});
