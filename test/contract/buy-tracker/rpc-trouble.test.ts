import { afterEach, describe, expect, it } from "vitest";
import { noAnvil } from "../../support/chain/anvil.ts";
import { CutLine, type LineState } from "../../support/chain/cut-line.ts";
import type { Filled } from "../../support/chain/local-market.ts";
import { eventually } from "../../support/program.ts";
import { TrackedChat } from "./tracked-chat.ts";

const dollars = (whole: number): bigint => BigInt(whole) * 10n ** 6n;

describe.skipIf(noAnvil !== undefined)(`buy_tracker without its chain ${noAnvil ?? ""}`, () => {
  const lines: CutLine[] = [];
  let chat: TrackedChat | undefined;

  afterEach(async () => {
    await chat?.close();
    await Promise.all(lines.splice(0).map((line) => line.close()));
  });

  async function open(count: number): Promise<TrackedChat> {
    chat = await TrackedChat.open({}, async (url) => {
      for (let line = 0; line < count; line += 1) lines.push(await CutLine.open(url));
      return lines.map((line) => line.url);
    });
    return chat;
  }

  it.each<LineState>(["rate_limited", "broken", "silent"])(
    "goes on where it was when the only address was %s for a while, and keeps its key to itself",
    async (state) => {
      const { market, anvil, bot, told, toldOf } = bound(await open(1));
      const [line] = lines;
      if (line === undefined) throw new Error("one line was opened");
      line.state = state;
      const bought: Filled[] = [];
      for (let buyer = 0; buyer < 4; buyer += 1) {
        bought.push(await market.buy(await market.newAccount(buyer), dollars(30 + buyer)));
        await anvil.mine();
      }
      await eventually(
        () => line.refused >= (state === "silent" ? 1 : 3) || undefined,
        () => `requests on the spoiled line\n${bot.output}`,
      );
      expect(told()).toEqual([]);
      line.state = "works";
      for (const { transaction } of bought) await toldOf(transaction, /buy/i, 30_000);
      const all = told().flatMap(({ transactions }) => transactions);
      expect(all.toSorted()).toEqual(bought.map(({ transaction }) => transaction).toSorted());
      expect(bot.output).not.toContain("secret-key");
    },
  );

  it("uses the second address while the first is in trouble", async () => {
    const { market, anvil, toldOf } = bound(await open(2));
    const [first] = lines;
    if (first === undefined) throw new Error("two lines were opened");
    first.state = "broken";
    const { transaction } = await market.buy(await market.newAccount(1), dollars(40));
    await anvil.mine();
    expect((await toldOf(transaction, /Buy/, 5_000)).text).toContain("Value: 40 USDX");
  });

  it("catches up after hours without a process, each buy once", async () => {
    const { market, anvil, bot, told, toldOf } = bound(await open(1));
    bot.kill("SIGTERM");
    expect(await bot.end()).toBe(0);
    const bought: Filled[] = [];
    for (let round = 0; round < 6; round += 1) {
      bought.push(await market.buy(await market.newAccount(round), dollars(50 + round)));
      await anvil.ask("anvil_mine", "0x50");
    }
    chat?.start();
    for (const { transaction } of bought) await toldOf(transaction, /buy/i, 30_000);
    const all = told().flatMap(({ transactions }) => transactions);
    expect(all.toSorted()).toEqual(bought.map(({ transaction }) => transaction).toSorted());
  });
});

function bound(chat: TrackedChat) {
  const { market, anvil, bot } = chat;
  return { market, anvil, bot, told: chat.told.bind(chat), toldOf: chat.toldOf.bind(chat) };
}
