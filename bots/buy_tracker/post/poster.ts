import { aborted } from "../../../shared/aborted.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Clock } from "../../../shared/clock.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Edit } from "../ledger/ledger.ts";
import type { LedgerStore } from "../ledger/ledger-file.ts";
import { keyOf, type Post, type PostPlace } from "../ledger/post.ts";
import type { PoolBook } from "../watch/pool-book.ts";
import { postText, type ShownChain } from "./buy-text.ts";

/** How soon a disk that refuses, or an outbox that does, is tried again. */
const tryAgainMs = 2_000;

export interface PosterParts {
  readonly chain: ShownChain & { readonly id: string };
  readonly file: LedgerStore;
  readonly book: PoolBook;
  /** After a post a place has so long a rest; what is bought meanwhile comes in one message. */
  readonly groupMs: number;
  readonly answerAt: BotContext["answerAt"];
  readonly editAt: BotContext["editAt"];
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells what the ledger has to tell, once, and corrects what is no longer true. */
export class Poster {
  private readonly parts: PosterParts;
  /** When each place was told something last, monotonic; an earlier life does not count. */
  private readonly toldMs = new Map<string, number>();
  /** Posts that the outbox has taken and not ended yet. */
  private readonly telling = new Set<string>();
  /** Places that the outbox is just being asked for. */
  private readonly atWork = new Set<string>();
  /** Places that could not be served, and until when they are left alone; monotonic. */
  private readonly heldUntilMs = new Map<string, number>();
  private wake: () => void = () => undefined;
  private isAwake = false;
  private isEnding = false;
  private isInTrouble = false;

  constructor(parts: PosterParts) {
    this.parts = parts;
  }

  /** There may be something to tell. */
  readonly look = (): void => {
    this.isAwake = true;
    this.wake();
  };

  /** Until the signal aborts. @throws the signal's reason */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.parts;
    const end = (): void => {
      this.isEnding = true;
    };
    signal.addEventListener("abort", end, { once: true });
    for (;;) {
      signal.throwIfAborted();
      this.isAwake = false;
      let pauseMs: number | undefined;
      try {
        await this.tellAll();
        pauseMs = this.untilNextMs;
        this.isInTrouble = false;
      } catch (error) {
        signal.throwIfAborted();
        if (!this.isInTrouble)
          log.error("buys cannot be told now; it is tried again", { reason: errorMessage(error) });
        this.isInTrouble = true;
        pauseMs = tryAgainMs;
      }
      await this.pause(pauseMs, signal);
    }
  }

  private async tellAll(): Promise<void> {
    const { file } = this.parts;
    const { ledger } = file;
    const due = ledger
      .due((place) => this.restMs(place) <= 0 && this.isFree(place))
      .filter((post) => this.isFree(post.place) && !this.telling.has(post.id))
      .filter((post) => this.isKnown(post));
    // The intent first: a post that is on the disk keeps its buys, whatever happens now.
    const posts = due.map(({ id }) => ledger.tell(id)).filter((post) => post !== undefined);
    const edits = ledger.edits((post) => this.isFree(post.place) && this.isKnown(post));
    await file.save();
    const places = new Set([...posts, ...edits.map(({ post }) => post)].map(placeKey));
    // Each on its own: a chat that lags behind must not keep the others waiting.
    for (const place of places) {
      const isHere = (post: Post): boolean => placeKey(post) === place;
      void this.serve(
        place,
        posts.filter(isHere),
        edits.filter(({ post }) => isHere(post)),
      );
    }
  }

  /** Tells and corrects what there is for one place, in order. Never rejects. */
  private async serve(
    place: string,
    posts: readonly Post[],
    edits: readonly Edit[],
  ): Promise<void> {
    const { clock, log } = this.parts;
    this.atWork.add(place);
    try {
      for (const post of posts) if (!this.isEnding) await this.tell(post);
      for (const { post, messageId } of edits) if (!this.isEnding) await this.edit(post, messageId);
      this.heldUntilMs.delete(place);
    } catch (error) {
      if (!this.isEnding && !this.heldUntilMs.has(place))
        log.error("buys cannot be told in a chat now; it is tried again", {
          place,
          reason: errorMessage(error),
        });
      this.heldUntilMs.set(place, clock.monotonic() + tryAgainMs);
    }
    this.atWork.delete(place);
    // What was taken is written down there, and what came meanwhile is told.
    this.look();
  }

  private async tell(post: Post): Promise<void> {
    const { chain, answerAt, clock } = this.parts;
    this.toldMs.set(keyOf(post.place), clock.monotonic());
    // Once under its key, in whatever life: asking again only tells what became of it.
    const { messageIds } = await answerAt(
      placeOf(post),
      `buys ${chain.id} ${post.id}`,
      this.textOf(post),
    );
    this.telling.add(post.id);
    void this.follow(post, messageIds);
  }

  private async follow(
    post: Post,
    messageIds: Promise<readonly number[] | undefined>,
  ): Promise<void> {
    const ids = await messageIds;
    this.telling.delete(post.id);
    // Where the bot stops the outbox keeps it, and the next life asks again; else the chat did not take it.
    if (ids === undefined && this.isEnding) return;
    this.parts.file.ledger.told(post.id, ids?.[0]);
    this.look();
  }

  private async edit(post: Post, messageId: number): Promise<void> {
    const { chain, editAt, file } = this.parts;
    const key = `buys ${chain.id} ${post.id} ${post.revision}`;
    await editAt(placeOf(post), messageId, key, this.textOf(post));
    file.ledger.editTaken(post);
  }

  private textOf(post: Post): string {
    const { file, book, chain } = this.parts;
    return postText(file.ledger.buysOf(post), (buy) => book.of(buy.pool), chain);
  }

  /** After a start the chain may not have told yet what it trades in. */
  private isKnown(post: Post): boolean {
    const { file, book } = this.parts;
    return file.ledger.buysOf(post).every(({ pool }) => book.pools.has(pool));
  }

  private restMs(place: PostPlace): number {
    const { clock, groupMs } = this.parts;
    return (this.toldMs.get(keyOf(place)) ?? -Infinity) + groupMs - clock.monotonic();
  }

  private isFree(place: PostPlace): boolean {
    const key = keyOf(place);
    const heldUntilMs = this.heldUntilMs.get(key) ?? -Infinity;
    return !this.atWork.has(key) && heldUntilMs <= this.parts.clock.monotonic();
  }

  /** When the next post may go out, or is tried again; undefined where none waits. */
  private get untilNextMs(): number | undefined {
    const { file, clock } = this.parts;
    const rests = file.ledger.due(() => true).map(({ place }) => this.restMs(place));
    const held = [...this.heldUntilMs.values()].map((untilMs) => untilMs - clock.monotonic());
    const ahead = [...rests, ...held].filter((restMs) => restMs > 0);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  /** Until there is something to look at, or so long. @throws the signal's reason */
  private async pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
    if (this.isAwake) return;
    const woken = new AbortController();
    const wake = (): void => {
      woken.abort();
    };
    this.wake = wake;
    signal.addEventListener("abort", wake, { once: true });
    const cancel = ms === undefined ? undefined : this.parts.clock.schedule(ms, wake);
    await aborted(woken.signal);
    cancel?.();
    signal.removeEventListener("abort", wake);
    signal.throwIfAborted();
  }
}

function placeKey({ place }: Post): string {
  return keyOf(place);
}

/** As the outbox has it. */
function placeOf({ place: { chatId, topicId } }: Post) {
  return topicId === undefined ? { chatId } : { chatId, topicId };
}
