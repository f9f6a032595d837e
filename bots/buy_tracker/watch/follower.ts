import { type BackoffPolicy, backoffMs } from "../../../shared/backoff.ts";
import type { Address, Block, Chain } from "../../../shared/chain/chain.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { inPieces } from "../../../shared/chain/follow/in-pieces.ts";
import { nextStep, type Step } from "../../../shared/chain/follow/next-step.ts";
import type { Clock } from "../../../shared/clock.ts";
import { ConfigurationError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { LedgerStore } from "../ledger/ledger-file.ts";
import { Findings, findBuys } from "./find-buys.ts";
import type { PoolBook } from "./pool-book.ts";
import type { WatchList } from "./watch-list.ts";

/** How long to leave a chain in trouble alone; the RPC addresses have a rest of their own below this. */
const troublePolicy: BackoffPolicy = { baseMs: 1_000, capMs: 30_000 };
/** How often to look for a new block: three times in a block's time, within these limits. */
const shortestLookMs = 500;
const longestLookMs = 4_000;
/** Blocks with nothing in them are written down this often: after a crash they are looked at again. */
const quietSaveMs = 10_000;
/** How soon a pool that was none is asked for again: somebody may deploy it. */
const lookAgainMs = 300_000;
/** A newcomer to the simulated market sees what was bought in its last minute. */
const simulatedPastBlocks = 20;

export interface FollowerParts {
  readonly chain: Chain;
  readonly confirmations: number;
  readonly file: LedgerStore;
  readonly book: PoolBook;
  readonly watches: WatchList;
  /** Something may have to be told. Called when it is on the disk. */
  readonly onNews: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** How the following goes. */
export interface FollowState {
  readonly state: "starting" | "following" | "catching_up" | "trouble";
  /** Why, where it is in trouble. */
  readonly reason: string | undefined;
  readonly troubles: number;
}

/** Goes along the chain, block by block, and writes the buys into the ledger. */
export class Follower {
  private readonly parts: FollowerParts;
  private now: FollowState = { state: "starting", reason: undefined, troubles: 0 };
  private savedMs = -Infinity;
  /** Pools that the chain does not know as such, and until when they are not asked for. */
  private readonly badUntilMs = new Map<Address, number>();
  /** What an attempt that the chain cut short had found out; the next one begins with it. */
  private findings = new Findings();

  constructor(parts: FollowerParts) {
    this.parts = parts;
  }

  get state(): FollowState {
    return this.now;
  }

  /** Until the signal aborts, whatever chain and disk do. @throws the signal's reason */
  async run(signal: AbortSignal): Promise<void> {
    const { chain, clock } = this.parts;
    const lookMs = Math.min(longestLookMs, Math.max(shortestLookMs, chain.blockTimeMs / 3));
    for (;;) {
      signal.throwIfAborted();
      const pauseMs = await this.attempt(lookMs, signal);
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    }
  }

  /** The end of following: nothing that was seen is looked at again. @throws the system's error */
  async close(): Promise<void> {
    await this.parts.file.write();
  }

  /** One step. @returns how long to wait before the next one */
  private async attempt(lookMs: number, signal: AbortSignal): Promise<number> {
    const { chain, confirmations, file, random } = this.parts;
    try {
      await this.lookAtPools(signal);
      const step = await nextStep(chain, file.ledger.trail, { confirmations }, signal);
      await this.take(step, signal);
      this.turn(step.kind === "stretch" ? "catching_up" : "following");
      return step.kind === "wait" ? lookMs : 0;
    } catch (error) {
      signal.throwIfAborted();
      const { troubles } = this.now;
      // A node that lags behind has the block in a moment.
      const isLag = error instanceof ChainError && error.trouble === "not_there" && troubles === 0;
      if (isLag) this.now = { ...this.now, troubles: 1 };
      else this.turn("trouble", errorMessage(error));
      return Math.max(lookMs, backoffMs(troublePolicy, troubles, random));
    }
  }

  private async lookAtPools(signal: AbortSignal): Promise<void> {
    const { book, watches, file, onNews } = this.parts;
    const knownBefore = book.pools.size;
    const watched = watches.all.map(({ pool }) => pool);
    try {
      for (const pool of new Set([...book.known, ...watched, ...file.ledger.pools])) {
        if ((this.badUntilMs.get(pool) ?? 0) <= this.parts.clock.monotonic())
          await this.lookAtPool(pool, signal);
      }
    } finally {
      // What an earlier life has seen can be told now, also while no block comes.
      if (book.pools.size > knownBefore) onNews();
    }
  }

  /**
   * One that is none, by a slip of the pen, must not hold up the others. Only its contract can say so: whatever else goes
   * wrong is trouble of the chain, and while it lasts no block counts as handled without this pool.
   */
  private async lookAtPool(pool: Address, signal: AbortSignal): Promise<void> {
    const { book, chain, clock, log } = this.parts;
    try {
      await book.look(pool, signal);
    } catch (error) {
      const isNone = error instanceof ChainError && error.trouble === "strange_contract";
      if (!isNone && !(error instanceof ConfigurationError)) throw error;
      if (!this.badUntilMs.has(pool))
        log.error("this pool cannot be followed; its buys are not told", {
          pool,
          chain: chain.name,
          reason: error.message,
        });
      this.badUntilMs.set(pool, clock.monotonic() + lookAgainMs);
    }
  }

  private async take(step: Step, signal: AbortSignal): Promise<void> {
    const { chain, file, log } = this.parts;
    const { ledger } = file;
    if (step.kind === "begin") {
      const past = chain.simulated ? simulatedPastBlocks : 0;
      const block = await chain.block(Math.max(0, step.block.number - past), signal);
      const start = block ?? step.block;
      log.info("following the chain from here", { chain: chain.name, block: start.number });
      ledger.ahead(start, [], () => []);
      await file.write();
    }
    if (step.kind === "back") {
      log.warn("the chain was reorganised", {
        chain: chain.name,
        blocks: step.gone.length,
        from: step.gone[0]?.number,
      });
      ledger.back(step.gone);
      this.findings = new Findings();
      await this.save();
    }
    if (step.kind === "block") await this.read(step.block.number, step.block, signal);
    if (step.kind === "stretch") await this.read(step.first, step.last, signal);
  }

  private async read(first: number, last: Block, signal: AbortSignal): Promise<void> {
    const { chain, file, book, watches } = this.parts;
    const pools = [...book.pools.keys()];
    const swaps =
      first === last.number
        ? await chain.swaps(pools, { block: last }, signal)
        : await inPieces(first, last.number, (from, to) =>
            chain.swaps(pools, { first: from, last: to }, signal),
          );
    const search = {
      chain,
      pools: book.pools,
      isWanted: watches.isWanted,
      isKnown: file.ledger.isKnown,
      findings: this.findings,
    };
    const buys = await findBuys(search, swaps, last, signal);
    this.findings = new Findings();
    file.ledger.ahead(last, buys, ({ pool, paid }) => watches.placesFor(pool, paid));
    await this.save();
  }

  private async save(): Promise<void> {
    const { file, clock, onNews } = this.parts;
    const nowMs = clock.monotonic();
    if (nowMs - this.savedMs >= quietSaveMs) {
      await file.write();
      this.savedMs = nowMs;
    } else await file.save();
    onNews();
  }

  private turn(state: FollowState["state"], reason?: string): void {
    const { chain, log } = this.parts;
    const before = this.now;
    this.now = { state, reason, troubles: state === "trouble" ? before.troubles + 1 : 0 };
    if (state === "trouble" && before.state !== "trouble")
      log.warn("the chain cannot be followed now; it is tried again", {
        chain: chain.name,
        reason,
      });
    if (state !== "trouble" && before.state === "trouble")
      log.info("the chain is followed again", { chain: chain.name });
  }
}
