import { answerQuote } from "../../../../bots/public_trading_bot/commands/answer-quote.ts";
import { answerReset, askReset } from "../../../../bots/public_trading_bot/commands/reset.ts";
import { trade } from "../../../../bots/public_trading_bot/commands/trade.ts";
import { CommandRate } from "../../../../bots/public_trading_bot/desk/command-rate.ts";
import { Desk } from "../../../../bots/public_trading_bot/desk/desk.ts";
import { Quotes } from "../../../../bots/public_trading_bot/desk/quotes.ts";
import { Ledger } from "../../../../bots/public_trading_bot/ledger/ledger.ts";
import { Market, type Side } from "../../../../bots/public_trading_bot/market/market.ts";
import { readOptions } from "../../../../bots/public_trading_bot/options.ts";
import type { Reserves } from "../../../../shared/chain/chain.ts";
import { type Api, Context, type Update } from "../../../../shared/telegram/bot-api.ts";
import { FakeChain, fakePool } from "../../../support/chain/fake-chain.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";
import { MortalStorage } from "../ledger/mortal-storage.ts";

class MovingChain extends FakeChain {
  /** 2,000,000 TKN of 18 decimals and 1,000,000 USDC of 6. */
  pool: Reserves = { reserve0: 2n * 10n ** 24n, reserve1: 10n ** 12n };

  override async reserves(): Promise<Reserves> {
    await this.head();
    return this.pool;
  }
}

const group = { id: -100, type: "group", title: "Players" };

/** The commands of the bot on a chain of the test's; a person is a number. */
export class TradingTable {
  readonly chain = new MovingChain();
  readonly clock = new ManualClock();
  readonly said: string[] = [];
  /** What appeared over the chat of whoever pressed. */
  readonly alerts: string[] = [];
  private readonly keys = new Set<string>();
  private updates = 0;
  private desk!: Desk;

  static async open(options: Record<string, unknown> = {}): Promise<TradingTable> {
    const table = new TradingTable();
    const { chain, clock } = table;
    const log = recordingLog();
    const filled = readOptions(options);
    const say = async (key: string, text: string) => {
      if (!table.keys.has(key)) table.said.push(text);
      table.keys.add(key);
      return { messageIds: Promise.resolve([1]) };
    };
    table.desk = new Desk({
      market: new Market(chain, fakePool, undefined, filled.poolFee),
      ledger: await Ledger.open({ storage: new MortalStorage(), clock, log }),
      quotes: new Quotes(clock, filled.quoteLifeMs),
      rate: new CommandRate(filled.commandsPerMinute, clock),
      options: filled,
      botId: () => 7,
      telegram: {
        answer: async (_, text) => {
          table.said.push(text);
        },
        answerAt: (_place, key, text) => say(key, text),
        editAt: (_place, _id, key, text) => say(key, text),
      },
      signal: new AbortController().signal,
      clock,
      log,
    });
    return table;
  }

  /** @returns the number of the update, by which its quote is pressed */
  async order(user: number, side: Side, words: string): Promise<number> {
    const ctx = this.context({ message: { chat: group, from: person(user), text: "" } });
    ctx.match = words;
    await trade(this.desk, side)(ctx, async () => undefined);
    return this.updates;
  }

  /** @param messageId of the quote; after a crash it may stand there twice */
  async press(user: number, quote: number, messageId = 9): Promise<void> {
    const ctx = this.pressBy(user, messageId);
    await answerQuote(this.desk, "take", String(quote))(ctx, async () => undefined);
  }

  /** @param presses how often the same button is pressed */
  async reset(user: number, owner: number, presses = 1): Promise<void> {
    const ctx = this.context({ message: { chat: group, from: person(owner), text: "" } });
    await askReset(this.desk)(ctx, async () => undefined);
    const question = String(this.updates);
    for (let press = 0; press < presses; press += 1) {
      const answer = answerReset(this.desk, "reset", owner, question);
      await answer(this.pressBy(user), async () => undefined);
    }
  }

  async orderAnonymously(): Promise<void> {
    const message = { chat: group, from: person(1_087_968_824), sender_chat: group, text: "" };
    await trade(this.desk, "buy")(this.context({ message }), async () => undefined);
  }

  holds(user: number): { cash: bigint; tokens: bigint; resets: number } {
    return this.desk.parts.ledger.book({ chat: group.id, user, name: "" }, 10n ** 10n);
  }

  private pressBy(user: number, messageId = 9): Context {
    const message = { message_id: messageId, chat: group };
    return this.context({ callback_query: { id: "1", from: person(user), message } });
  }

  private context(content: object): Context {
    this.updates += 1;
    const api = {
      answerCallbackQuery: async ({ text }: { text?: string }) => {
        if (text !== undefined) this.alerts.push(text);
        return true;
      },
    };
    return new Context({ update_id: this.updates, ...content } as Update, api as unknown as Api);
  }
}

function person(id: number) {
  return { id, is_bot: false, first_name: `P${id}` };
}
