import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  exactAmount,
  priceOf,
  shortAddress,
  shortAmount,
  shortRatio,
} from "../../../shared/chain/amounts/format-amount.ts";
import { noAnvil } from "../../support/chain/anvil.ts";
import { coin } from "../../support/chain/local-market.ts";
import { TrackedChat } from "./tracked-chat.ts";

const dollars = (whole: number): bigint => BigInt(Math.round(whole * 1e6));

describe.skipIf(noAnvil !== undefined)(`buy_tracker on a real chain ${noAnvil ?? ""}`, () => {
  let chat: TrackedChat;
  beforeAll(async () => {
    chat = await TrackedChat.open();
  });
  afterAll(() => chat.close());

  it("tells a buy with its amount, price, value, buyer, holder, pool, chain and transaction", async () => {
    const { market, anvil } = chat;
    const anna = await market.newAccount(1);
    const { transaction, paid, got } = await market.buy(anna, dollars(123.456789));
    await anvil.mine();
    const { text } = await chat.toldOf(transaction, /Buy/);
    const price = priceOf({ amount: got, decimals: 18 }, { amount: paid, decimals: 6 });
    expect(text.split("\n")).toEqual([
      `Buy: ${shortAmount(got, 18)} TKN`,
      "Value: 123.4568 USDX",
      `Price: ${shortRatio(price)} USDX`,
      `Buyer: ${shortAddress(anna)} (new holder)`,
      "Pool: TKN/USDX on Local",
      `Transaction: ${shortAddress(transaction)}`,
    ]);
    // 50,000 / 100,000 = 0.5, a little more for the fee and the size of the trade.
    expect(Number(shortRatio(price))).toBeCloseTo(0.5027, 3);
    expect(exactAmount(paid, 6)).toBe("123.456789");
  });

  it("knows whoever comes back, and passes over sales and small buys", async () => {
    const { market, anvil } = chat;
    const [ben, cleo] = [await market.newAccount(2), await market.newAccount(3)];
    const first = await market.buy(ben, dollars(50));
    await anvil.mine();
    const sold = await market.sell(cleo, 1_000n * coin);
    const small = await market.buy(cleo, dollars(19.99));
    await anvil.mine();
    const second = await market.buy(ben, dollars(20));
    await anvil.mine();
    const told = await chat.toldOf(second.transaction, /returning holder/);
    expect((await chat.toldOf(first.transaction, /new holder/)).id).toBeLessThan(told.id);
    const all = new Set(chat.told().flatMap(({ transactions }) => transactions));
    expect([...all]).not.toContain(sold.transaction);
    expect([...all]).not.toContain(small.transaction);
  });

  it("tells a burst in one message", async () => {
    const { market, anvil } = chat;
    const bought = [];
    // Together in one block; the chain orders them by their fees, which are equal.
    for (let buyer = 10; buyer < 15; buyer += 1)
      bought.push(await market.buy(await market.newAccount(buyer), dollars(30 + buyer)));
    await anvil.mine();
    const told = await chat.toldOf(bought[0]?.transaction ?? "0x", /5 buys/);
    expect(new Set(told.transactions)).toEqual(new Set(bought.map((each) => each.transaction)));
    expect(told.text).toContain("for 210 USDX");
  });

  it("edits a buy that vanished in a reorganisation, and edits it back when it comes again", async () => {
    const { market, anvil } = chat;
    const { transaction } = await market.buy(market.owner, dollars(77));
    const after = market.now;
    const raw = await anvil.ask("eth_getRawTransactionByHash", transaction);
    await anvil.mine();
    const told = await chat.toldOf(transaction, /^Buy/);
    await anvil.ask("anvil_reorg", 1, []);
    await anvil.ask("anvil_dropTransaction", transaction);
    await anvil.mine(4);
    const vanished = await chat.toldOf(transaction, /vanished/);
    expect(vanished.id).toBe(told.id);
    expect(vanished.text).toContain("reorganised");
    await anvil.ask("eth_sendRawTransaction", raw);
    await anvil.mine(2);
    market.forgetTrades(after);
    expect(await chat.toldOf(transaction, /^Buy: [^v]*$/s)).toEqual(told);
  });

  it("says nothing of a buy whose block changes but which stays", async () => {
    const { market, anvil } = chat;
    const { transaction } = await market.buy(market.owner, dollars(88));
    const raw = await anvil.ask("eth_getRawTransactionByHash", transaction);
    await anvil.mine();
    const told = await chat.toldOf(transaction, /^Buy/);
    await anvil.ask("anvil_reorg", 1, [[raw, 0]]);
    await anvil.mine(5);
    const later = await market.buy(await market.newAccount(21), dollars(60));
    await anvil.mine();
    await chat.toldOf(later.transaction, /^Buy/);
    const mine = chat.told().filter(({ transactions }) => transactions.includes(transaction));
    expect(mine).toEqual([told]);
  });
});
