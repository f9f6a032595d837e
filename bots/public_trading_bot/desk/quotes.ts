import type { Clock } from "../../../shared/clock.ts";
import type { Person } from "../ledger/ledger.ts";
import type { Side } from "../market/market.ts";

/** What somebody was shown and may confirm. */
export interface Quote extends Person {
  /** The update that asked for it. */
  readonly id: string;
  readonly side: Side;
  readonly paid: bigint;
  /** Less than this, and nothing is traded: the market has moved on. */
  readonly atLeast: bigint;
}

/**
 * Quotes that wait for a press. In memory only: one that a restart has swept away counts as expired, and nothing was
 * traded.
 */
export class Quotes {
  private readonly waiting = new Map<string, { readonly quote: Quote; readonly endsMs: number }>();
  private readonly clock: Clock;
  private readonly lifeMs: number;

  constructor(clock: Clock, lifeMs: number) {
    this.clock = clock;
    this.lifeMs = lifeMs;
  }

  add(quote: Quote): void {
    this.forgetOld();
    this.waiting.set(quote.id, { quote, endsMs: this.clock.monotonic() + this.lifeMs });
  }

  get(id: string): Quote | undefined {
    this.forgetOld();
    return this.waiting.get(id)?.quote;
  }

  remove(id: string): void {
    this.waiting.delete(id);
  }

  /** All live equally long: the oldest are first. */
  private forgetOld(): void {
    const nowMs = this.clock.monotonic();
    for (const [id, { endsMs }] of this.waiting) {
      if (endsMs > nowMs) return;
      this.waiting.delete(id);
    }
  }
}
