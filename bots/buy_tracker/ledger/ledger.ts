import type { Address, Block, BlockRef } from "../../../shared/chain/chain.ts";
import { extended, shortened, type Trail } from "../../../shared/chain/follow/trail.ts";
import type { Buy } from "./buy.ts";
import { freshPost, keyOf, type Post, type PostPlace, saidOf } from "./post.ts";

export interface LedgerContent {
  readonly trail: Trail;
  /** In the order in which they were found. */
  readonly buys: readonly Buy[];
  readonly posts: readonly Post[];
}

/** So many buys are kept for /recent. */
const recentBuys = 100;
/** So many blocks more may a buy take to come again after a reorganisation: it waits in the pool of transactions. */
const graceBlocks = 2;

/** Changes of a post that its owner must carry out. */
export interface Edit {
  readonly post: Post;
  readonly messageId: number;
}

/**
 * What the bot knows of the chain, and what it has told of it. No time, no I/O: whoever changes it writes it down before
 * acting on it.
 */
export class Ledger {
  private trailNow: Trail;
  private readonly buys: Map<string, Buy>;
  private readonly posts: Map<string, Post>;
  private changes = 0;

  constructor(content: LedgerContent = { trail: [], buys: [], posts: [] }) {
    this.trailNow = content.trail;
    this.buys = new Map(content.buys.map((buy) => [buy.key, buy]));
    this.posts = new Map(content.posts.map((post) => [post.id, post]));
  }

  get content(): LedgerContent {
    return { trail: this.trailNow, buys: [...this.buys.values()], posts: [...this.posts.values()] };
  }

  get trail(): Trail {
    return this.trailNow;
  }

  /** Grows with everything that must not be forgotten; a block without buys alone may be. */
  get version(): number {
    return this.changes;
  }

  /** The newest `count` that are there, newest first. */
  recent(count: number): Buy[] {
    return [...this.buys.values()]
      .filter(({ fate }) => fate === "there")
      .toReversed()
      .slice(0, count);
  }

  buysOf(post: Post): Buy[] {
    return post.buys.map((key) => this.buys.get(key)).filter((buy) => buy !== undefined);
  }

  get waitingPosts(): number {
    return [...this.posts.values()].filter(
      ({ state }) => state === "gathering" || state === "telling",
    ).length;
  }

  /** Whether a trade was told, or is about to be: then it matters what becomes of it. */
  readonly isKnown = (key: string): boolean => this.buys.has(key);

  /** Every pool that something is known of. */
  get pools(): ReadonlySet<Address> {
    return new Set([...this.buys.values()].map(({ pool }) => pool));
  }

  /** The chain goes back: these blocks are not in it any more. */
  back(gone: readonly BlockRef[]): void {
    const hashes = new Set(gone.map(({ hash }) => hash));
    const lostUpTo = (gone.at(-1)?.number ?? 0) + graceBlocks;
    for (const buy of this.buys.values()) {
      if (buy.fate === "there" && hashes.has(buy.block.hash))
        this.buys.set(buy.key, { ...buy, fate: "loose", lostUpTo });
    }
    this.trailNow = shortened(this.trailNow, gone);
    this.changes += 1;
  }

  /**
   * The chain goes on up to this block, with these buys. Those known from a block that is gone are there again, and are
   * told where they were dropped before they were told.
   * @param placesFor where a buy is to be told
   */
  ahead(block: Block, found: readonly Buy[], placesFor: (buy: Buy) => readonly PostPlace[]): void {
    this.trailNow = extended(this.trailNow, block);
    for (const buy of found) {
      const known = this.buys.get(buy.key);
      // Seen again after a crash before the trail was written: nothing happened since.
      if (known?.fate === "there" && known.block.hash === buy.block.hash) continue;
      this.buys.set(buy.key, known === undefined ? buy : { ...buy, holder: known.holder });
      this.changes += 1;
      const standing = this.placesOf(buy);
      for (const place of placesFor(buy)) if (!standing.has(keyOf(place))) this.gather(place, buy);
    }
    for (const { lostUpTo, ...buy } of this.buys.values()) {
      if (buy.fate !== "loose" || block.number < (lostUpTo ?? 0)) continue;
      this.buys.set(buy.key, { ...buy, fate: "vanished" });
      this.changes += 1;
    }
    this.forgetOld();
  }

  /**
   * Posts that may go out; those that were going out in an earlier life among them. Where one is going out, what is bought
   * is gathered until it has arrived.
   */
  due(mayTell: (place: PostPlace) => boolean): Post[] {
    const posts = [...this.posts.values()];
    const telling = posts.filter(({ state }) => state === "telling");
    const busy = new Set(telling.map(({ place }) => keyOf(place)));
    return posts.filter((post) => {
      if (post.state !== "gathering") return post.state === "telling";
      if (busy.has(keyOf(post.place)) || !mayTell(post.place)) return false;
      // What becomes of a loose buy is known in a few blocks.
      return this.buysOf(post).every(({ fate }) => fate !== "loose");
    });
  }

  /** Closes a post, whose text is then told. Undefined where nothing of it is left to tell. */
  tell(id: string): Post | undefined {
    const post = this.posts.get(id);
    if (post === undefined || post.state === "telling") return post;
    const there = this.buysOf(post).filter(({ fate }) => fate === "there");
    this.changes += 1;
    if (there.length === 0) {
      this.posts.delete(id);
      return undefined;
    }
    const buys = there.map(({ key }) => key);
    return this.change({ ...post, buys, state: "telling", said: saidOf(there) });
  }

  told(id: string, messageId: number | undefined): void {
    const post = this.posts.get(id);
    if (post === undefined) return;
    this.change(
      messageId === undefined
        ? { ...post, state: "untold" }
        : { ...post, state: "told", messageId },
    );
  }

  /** Told posts whose text is no longer true, each with a new revision; and those whose last one was not taken yet. */
  edits(mayEdit: (post: Post) => boolean): Edit[] {
    return [...this.posts.values()].flatMap((post): Edit[] => {
      const { state, messageId } = post;
      if (state !== "told" || messageId === undefined || !mayEdit(post)) return [];
      const said = saidOf(this.buysOf(post));
      if (said !== post.said)
        return [{ post: this.change({ ...post, said, revision: post.revision + 1 }), messageId }];
      return post.takenRevision < post.revision ? [{ post, messageId }] : [];
    });
  }

  editTaken({ id, revision }: Post): void {
    const post = this.posts.get(id);
    if (post !== undefined) this.change({ ...post, takenRevision: revision });
  }

  /** Where a buy stands in a post, told or not. */
  private placesOf({ key }: Buy): ReadonlySet<string> {
    const posts = [...this.posts.values()].filter(({ buys }) => buys.includes(key));
    return new Set(posts.map(({ place }) => keyOf(place)));
  }

  private gather(place: PostPlace, buy: Buy): void {
    const open = [...this.posts.values()].find(
      (post) => post.state === "gathering" && keyOf(post.place) === keyOf(place),
    );
    if (open === undefined) this.change(freshPost(place, buy, this.posts));
    else this.change({ ...open, buys: [...open.buys, buy.key] });
  }

  private change(post: Post): Post {
    this.posts.set(post.id, post);
    this.changes += 1;
    return post;
  }

  /** What stands deeper than the trail reaches cannot change any more. */
  private forgetOld(): void {
    const settled = this.trailNow[0]?.number ?? 0;
    for (const post of this.posts.values()) {
      const buys = this.buysOf(post);
      const isSaid = post.said === saidOf(buys) && post.takenRevision === post.revision;
      const isEnded = post.state === "untold" || (post.state === "told" && isSaid);
      if (isEnded && buys.every(({ block }) => block.number < settled)) this.posts.delete(post.id);
    }
    const needed = new Set([...this.posts.values()].flatMap(({ buys }) => buys));
    const recent = new Set([...this.buys.keys()].slice(-recentBuys));
    for (const { key, block } of this.buys.values())
      if (!needed.has(key) && !recent.has(key) && block.number < settled) this.buys.delete(key);
  }
}
