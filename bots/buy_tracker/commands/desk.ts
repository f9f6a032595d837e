import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Chain } from "../../../shared/chain/chain.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Follower } from "../watch/follower.ts";
import type { PoolBook } from "../watch/pool-book.ts";
import type { WatchList } from "../watch/watch-list.ts";

/** What the commands work with. */
export interface Desk {
  readonly chain: Chain;
  readonly ledger: Ledger;
  readonly book: PoolBook;
  readonly watches: WatchList;
  readonly follower: Pick<Follower, "state">;
  readonly confirmations: number;
  /** Of a pool that is watched without a word of how much. */
  readonly threshold: string;
  readonly answer: BotContext["answer"];
  readonly answerAt: BotContext["answerAt"];
  readonly editAt: BotContext["editAt"];
  readonly mayDecide: BotContext["mayDecide"];
  readonly status: BotContext["status"];
  readonly signal: AbortSignal;
}
