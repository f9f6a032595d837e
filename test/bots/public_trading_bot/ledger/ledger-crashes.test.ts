import { expect, it } from "vitest";
import { Ledger, type Order } from "../../../../bots/public_trading_bot/ledger/ledger.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { Model, randomOrder } from "./model.ts";
import { type Death, MortalStorage } from "./mortal-storage.ts";

const lives = 10;
const tradesPerLife = 1_000;
const seed = Number(process.env["LEDGER_SEED"] ?? 1);
const deaths: readonly Death[] = ["while appending", "before the sync", "after the sync"];

/** A process with a ledger; the next one opens what the one before left on the disk. */
class Process {
  readonly log = recordingLog();
  readonly random: () => number;
  storage = new MortalStorage();
  ledger!: Ledger;
  crashes = 0;
  private reborn: Promise<void> | undefined;

  constructor(random: () => number) {
    this.random = random;
  }

  async begin(): Promise<void> {
    const { storage, log } = this;
    this.ledger = await Ledger.open({ storage, clock: new ManualClock(), log });
  }

  /** Until the order has an answer: what was in hand when a process died is handled again by the next one. */
  async trade(order: Order): Promise<Awaited<ReturnType<Ledger["trade"]>>> {
    for (;;) {
      await this.reborn;
      const { storage, ledger } = this;
      const result = await Promise.race([
        ledger.trade(order).catch(() => "refused" as const),
        storage.died,
      ]);
      if (typeof result === "object") return result;
      if (result === "died" && storage === this.storage) this.beginAgain();
    }
  }

  private beginAgain(): void {
    this.crashes += 1;
    this.storage = new MortalStorage(this.storage.remains(this.random));
    this.reborn = this.begin();
  }
}

it.each(Array.from({ length: lives }, (_, life) => seed * 1_000 + life))(
  `books balance and no trade is lost or doubled over ${tradesPerLife} trades with crashes (seed %i)`,
  async (lifeSeed) => {
    const random = seededRandom(lifeSeed);
    const process = new Process(random);
    await process.begin();
    const model = new Model();
    let number = 0;
    while (model.trades.size < tradesPerLife) {
      const orders = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        randomOrder(random, (number += 1), model),
      );
      const first = orders[0];
      // Pressed twice: another update, the same quote.
      if (first !== undefined && random() < 0.1) orders.push({ ...first, press: `7/${number}b` });
      if (random() < 0.06)
        process.storage.dieNext(deaths[Math.floor(random() * deaths.length)] ?? "before the sync");
      else if (random() < 0.02) process.storage.fillUp();
      const results = await Promise.all(orders.map((order) => process.trade(order)));
      const order = results.map((result, at) => ({ result, order: orders[at] as Order }));
      // As the ledger has put them in order.
      const numberOf = (result: (typeof results)[number]): number =>
        result.kind === "short" ? Number.POSITIVE_INFINITY : result.trade.number;
      for (const each of order.toSorted((a, b) => numberOf(a.result) - numberOf(b.result)))
        model.take(each.order, each.result, orders.length === 1);
      expect(model.differences(process.ledger)).toEqual([]);
    }
    const end = new MortalStorage(Buffer.from(process.storage.text));
    const log = recordingLog();
    const reopened = await Ledger.open({
      storage: end,
      clock: new ManualClock(),
      log,
    });
    expect(model.differences(reopened)).toEqual([]);
    const quotes = [...end.text.matchAll(/"quote":"([^"]+)"/g)].map((match) => match[1]);
    expect(quotes).toHaveLength(model.trades.size);
    expect(new Set(quotes)).toEqual(new Set(model.trades.keys()));
    expect(process.crashes).toBeGreaterThan(10);
    // A crash is never taken for damage.
    expect([...process.log.of("error"), ...log.of("error")]).toEqual([]);
  },
);
