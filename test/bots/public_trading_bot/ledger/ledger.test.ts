import { describe, expect, it } from "vitest";
import { Ledger, type Order } from "../../../../bots/public_trading_bot/ledger/ledger.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";
import { MortalStorage } from "./mortal-storage.ts";

const ann = { chat: -100, user: 5, name: "Ann" };
const startCash = 1_000n;
const bob = { chat: -100, user: 6, name: "Bob" };

function buy(person: typeof ann, number: number, paid = 100n): Order {
  return {
    ...person,
    press: `7/${number}`,
    quote: `7/q${number}`,
    side: "buy",
    paid,
    got: paid * 2n,
    reserveIn: 1_000n,
    reserveOut: 3_000n,
    startCash,
  };
}

async function open(text = "") {
  const storage = new MortalStorage(Buffer.from(text));
  const log = recordingLog();
  const ledger = await Ledger.open({ storage, clock: new ManualClock(), log });
  return { storage, log, ledger };
}

/** The lines of two people who have bought twice each, in turn: two openings, four trades. */
async function sixLines(): Promise<string[]> {
  const { ledger, storage } = await open();
  for (const number of [1, 2])
    for (const person of [ann, bob]) await ledger.trade(buy(person, number * 10 + person.user));
  return storage.text.trimEnd().split("\n");
}

describe("the ledger", () => {
  it("keeps a book for each person in each chat", async () => {
    const { ledger } = await open();
    await ledger.trade(buy(ann, 1));
    await ledger.trade(buy({ ...ann, chat: 5 }, 2, 300n));
    expect(ledger.book(ann, startCash)).toMatchObject({ cash: 900n, tokens: 200n, tradeNumber: 1 });
    expect(ledger.book({ ...ann, chat: 5 }, startCash)).toMatchObject({ cash: 700n, tokens: 600n });
    expect(ledger.books.inChat(-100).map(({ name }) => name)).toEqual(["Ann"]);
  });

  it("trades a quote once, whoever presses how often", async () => {
    const { ledger } = await open();
    const first = await ledger.trade(buy(ann, 1));
    const second = await ledger.trade({ ...buy(ann, 1), press: "7/2" });
    expect(first.kind).toBe("traded");
    expect(second).toEqual({ ...first, kind: "before" });
    expect(ledger.book(ann, startCash).cash).toBe(900n);
  });

  it("refuses what cannot be paid, also for two at once", async () => {
    const { ledger } = await open();
    const results = await Promise.all([
      ledger.trade(buy(ann, 1, 700n)),
      ledger.trade(buy(ann, 2, 700n)),
    ]);
    expect(results).toMatchObject([{ kind: "traded" }, { kind: "short", has: 300n }]);
  });

  it("begins a book anew once per cause, and counts it", async () => {
    const { ledger, storage } = await open();
    await ledger.trade(buy(ann, 1));
    await ledger.reset(ann, startCash, "7/9");
    await ledger.reset(ann, startCash, "7/9");
    const reopened = (await open(storage.text)).ledger;
    for (const each of [ledger, reopened])
      expect(each.book(ann, startCash)).toMatchObject({
        cash: 1_000n,
        tokens: 0n,
        resets: 1,
        tradeNumber: 1,
        trades: [],
      });
  });

  it("leaves no trace of a trade that the disk refused", async () => {
    const { ledger, storage } = await open();
    storage.fillUp();
    await expect(ledger.trade(buy(ann, 1))).rejects.toThrow("no space");
    expect(ledger.book(ann, startCash)).toMatchObject({ cash: 1_000n, tradeNumber: 0 });
    expect((await ledger.trade(buy(ann, 1))).kind).toBe("traded");
    expect((await open(storage.text)).ledger.book(ann, startCash).cash).toBe(900n);
  });
});

describe("a damaged ledger", () => {
  it("cuts off a half line, with a warning", async () => {
    const lines = await sixLines();
    const { ledger, log, storage } = await open(`${lines.join("\n")}\n4f`);
    expect(ledger.book(bob, startCash).cash).toBe(800n);
    expect(log.of("warn").join()).toContain("half line");
    expect(storage.text).toBe(`${lines.join("\n")}\n`);
  });

  it.each([
    ["a first trade", 1, 800n, 400n],
    ["a trade that has a later one", 3, 800n, 400n],
    ["the opening of a book", 0, 800n, 400n],
  ])("puts %s aside and sets the book right by what comes after", async (_, at, cash, tokens) => {
    const lines = await sixLines();
    const broken = lines.map((line, index) => (index === at ? `${line.slice(0, 40)}##` : line));
    const { ledger, log, storage } = await open(`${broken.join("\n")}\n`);
    expect(ledger.book(ann, startCash)).toMatchObject({ cash, tokens, tradeNumber: 2 });
    expect(ledger.book(bob, startCash)).toMatchObject({ cash: 800n, tokens: 400n, tradeNumber: 2 });
    expect(storage.broken).toEqual([`${broken[at]}\n`]);
    expect(log.of("error").join()).toContain(`line ${at + 1}: it cannot be read`);
    const again = await open(storage.text);
    expect(again.log.of("error")).toEqual([]);
    expect(again.ledger.book(ann, startCash)).toMatchObject({ cash, tokens });
  });

  it("says so when a line was changed by hand, and never counts a trade twice", async () => {
    const lines = await sixLines();
    const { ledger, log, storage } = await open(`${[...lines, lines[5]].join("\n")}\n`);
    expect(ledger.book(bob, startCash)).toMatchObject({ cash: 800n, tokens: 400n });
    expect(log.of("error").join()).toContain("the same quote was traded before");
    expect(storage.broken).toEqual([`${lines[5]}\n`]);
  });
});
