import { join } from "node:path";
import type { BotContext } from "../../shared/bot-runtime/define-bot.ts";
import { markedAnswers } from "../../shared/bot-runtime/sending/marked-answers.ts";
import { openChain } from "../../shared/chain/open-chain.ts";
import { simulatedMark } from "../../shared/chain/simulated/simulated-mark.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Desk } from "./commands/desk.ts";
import { configuredPools, configuredWatches } from "./configured-watches.ts";
import { LedgerFile } from "./ledger/ledger-file.ts";
import { readTrackerOptions } from "./options.ts";
import { Poster } from "./post/poster.ts";
import { Follower } from "./watch/follower.ts";
import { PoolBook } from "./watch/pool-book.ts";
import { WatchFile } from "./watch/watch-file.ts";
import { WatchList } from "./watch/watch-list.ts";

export interface Tracker {
  readonly desk: Desk;
  /** Follows the chain and tells of buys until the bot stops. */
  run(): void;
}

/**
 * The parts of the bot, put together. Nothing is asked of the chain yet: a chain that cannot be reached must not keep the
 * bot from its start.
 * @throws ConfigurationError for options that cannot be used
 */
export async function openTracker(context: BotContext): Promise<Tracker> {
  const { config, stateDir, log, signal, outbox, onStop } = context;
  const options = readTrackerOptions(config);
  const clock = systemClock;
  const random = Math.random;
  const chain = await openChain(options.chain, { clock, random, log });
  const voice = markedAnswers(context, simulatedMark(chain));
  const folder = join(stateDir, "buy_tracker");
  const book = new PoolBook(chain, configuredPools(options));
  const watches = new WatchList({
    configured: configuredWatches(options, context),
    file: await WatchFile.open(join(folder, "watches.json"), log),
    pools: book.pools,
    whereIs: (chatId) => Number(outbox.migrated.resolve(chatId)),
  });
  const file = await LedgerFile.open(join(folder, `chain-${chain.id}.json`), log);
  const { confirmations } = options;
  const groupMs = options.group_seconds * 1_000;
  const poster = new Poster({ ...voice, log, chain, file, book, groupMs, clock });
  const onNews = poster.look;
  const follower = new Follower({
    chain,
    confirmations,
    file,
    book,
    watches,
    onNews,
    clock,
    random,
    log,
  });
  return {
    desk: {
      ...context,
      ...voice,
      chain,
      book,
      watches,
      follower,
      confirmations,
      ledger: file.ledger,
      threshold: options.threshold,
    },
    run() {
      const running = Promise.allSettled([follower.run(signal), poster.run(signal)]);
      onStop(async () => {
        await running;
        await follower.close();
      });
    },
  };
}
