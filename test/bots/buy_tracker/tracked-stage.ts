import { Ledger, type LedgerContent } from "../../../bots/buy_tracker/ledger/ledger.ts";
import type { LedgerStore } from "../../../bots/buy_tracker/ledger/ledger-file.ts";
import { Poster } from "../../../bots/buy_tracker/post/poster.ts";
import { Follower } from "../../../bots/buy_tracker/watch/follower.ts";
import { PoolBook } from "../../../bots/buy_tracker/watch/pool-book.ts";
import { WatchList } from "../../../bots/buy_tracker/watch/watch-list.ts";
import type { Address } from "../../../shared/chain/chain.ts";
import { type FakeChain, fakePool } from "../../support/chain/fake-chain.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";

/** What Telegram would have got. */
export interface Sent {
  readonly kind: "said" | "edited";
  readonly chatId: number | string;
  readonly key: string;
  readonly text: string;
}

/** A disk that never refuses: what was saved last is what the next life finds. */
class MemoryStore implements LedgerStore {
  readonly ledger: Ledger;
  readonly saved: { content: LedgerContent | undefined };

  constructor(saved: { content: LedgerContent | undefined }) {
    this.saved = saved;
    this.ledger = new Ledger(saved.content);
  }

  async save(): Promise<void> {
    this.saved.content = this.ledger.content;
  }

  write(): Promise<void> {
    return this.save();
  }
}

/** Follower and poster over a made chain and an outbox that takes everything. */
export class TrackedStage {
  readonly clock = new ManualClock();
  readonly log = recordingLog("buy_tracker");
  readonly sent: Sent[] = [];
  /** Chats whose outbox does not even take what is to be said: the call waits. */
  readonly stuck = new Set<number | string>();
  /** Chats whose outbox refuses it. */
  readonly refusing = new Set<number | string>();
  /** Who hears of the buys. */
  chats: readonly number[] = [7];
  /** What the outbox says of message ids; a test may hold them back or refuse. */
  messageIds: (chatId: number | string) => Promise<readonly number[] | undefined> = async () => [
    this.sent.length,
  ];
  private readonly saved: { content: LedgerContent | undefined } = { content: undefined };
  readonly chain: FakeChain;
  /** Of the configuration. */
  pools: readonly Address[] = [fakePool];
  /** Of every pool. */
  track: Address | undefined;
  private stop = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  follower: Follower | undefined;

  constructor(chain: FakeChain) {
    this.chain = chain;
  }

  /** A life of the bot. */
  start({ groupMs = 0, confirmations = 1, threshold = "100" } = {}): void {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const { chain, clock, log } = this;
    const file = new MemoryStore(this.saved);
    const book = new PoolBook(
      chain,
      this.pools.map((address) => ({ address, track: this.track })),
    );
    const watches = new WatchList({
      configured: this.chats.map((chatId) => ({ place: { chatId }, pool: fakePool, threshold })),
      file: { all: [], set: async () => undefined },
      pools: book.pools,
      whereIs: (chatId) => chatId,
    });
    const poster = new Poster({
      chain,
      file,
      book,
      groupMs,
      answerAt: async ({ chatId }, key, text) => this.take({ kind: "said", chatId, key, text }),
      editAt: async ({ chatId }, _, key, text) => this.take({ kind: "edited", chatId, key, text }),
      clock,
      log,
    });
    const parts = { chain, confirmations, file, book, watches, clock, log };
    const follower = new Follower({ ...parts, onNews: poster.look, random: () => 0.5 });
    this.follower = follower;
    this.running = Promise.allSettled([follower.run(signal), poster.run(signal)]);
  }

  /** Lets time pass, in steps that leave everything that is due its turn. */
  async pass(ms = 3_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) await this.clock.advance(250);
  }

  /** The process is gone: what was not on the disk is lost. */
  async end(): Promise<void> {
    this.stop.abort(new Error("the bot stops"));
    await this.running;
  }

  /** As the outbox does: the same key is sent once. */
  private async take(sent: Sent) {
    if (this.refusing.has(sent.chatId)) throw new Error("the disk is full");
    if (this.stuck.has(sent.chatId)) await new Promise(() => undefined);
    if (!this.sent.some(({ key }) => key === sent.key)) this.sent.push(sent);
    return { messageIds: this.messageIds(sent.chatId) };
  }
}
