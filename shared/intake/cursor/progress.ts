import type { Past } from "./cursor.ts";

/** What happened since the line before; the parts are counted up, so their order does not matter. */
export interface Step {
  readonly begun?: readonly number[];
  readonly failed?: readonly (readonly [seq: number, error: string])[];
  readonly released?: readonly number[];
  readonly handled?: readonly number[];
  readonly lowWater?: number;
}

export interface Tries {
  begun: number;
  failed: number;
  released: number;
  error: string | undefined;
}

/** All that a cursor file says, as one value. */
export interface Snapshot {
  readonly lowWater: number;
  /** The bot began behind this record; undefined where its file is older than this word. */
  readonly origin: number | undefined;
  /** Above the mark. */
  readonly handled: readonly number[];
  readonly tries: readonly (readonly [seq: number, tries: Tries])[];
}

/** The arithmetic of a cursor, apart from files and from the order in which its owner reads the log. */
export class Progress {
  lowWater: number;
  origin: number | undefined;
  private readonly handled: Set<number>;
  /** Looking through the handled ones costs; it is done when they have doubled. */
  private forgetAtSize = 1_000;
  private readonly tries: Map<number, Tries>;

  constructor(start: Snapshot) {
    this.lowWater = start.lowWater;
    this.origin = start.origin;
    this.handled = new Set(start.handled);
    this.tries = new Map(start.tries.map(([seq, tries]) => [seq, { ...tries }]));
  }

  apply(step: Step): void {
    for (const seq of step.begun ?? []) this.triesOf(seq).begun += 1;
    for (const seq of step.released ?? []) this.triesOf(seq).released += 1;
    for (const [seq, error] of step.failed ?? []) {
      const tries = this.triesOf(seq);
      tries.failed += 1;
      tries.error = error;
    }
    for (const seq of step.handled ?? []) {
      this.tries.delete(seq);
      if (seq > this.lowWater) this.handled.add(seq);
    }
    if (step.lowWater !== undefined) this.lowWater = Math.max(this.lowWater, step.lowWater);
    if (this.handled.size > this.forgetAtSize) this.forgetBelowMark();
  }

  isHandled(seq: number): boolean {
    return seq <= this.lowWater || this.handled.has(seq);
  }

  begun(seq: number): number {
    return this.tries.get(seq)?.begun ?? 0;
  }

  /** Meant for a record that is not being handled: whatever was begun and has no other end ended with the process. */
  past(seq: number): Past {
    const { begun = 0, failed = 0, released = 0, error } = this.tries.get(seq) ?? {};
    const failures = begun - released;
    return { failures, crashes: failures - failed, lastError: error };
  }

  snapshot(): Snapshot {
    this.forgetBelowMark();
    const { lowWater, origin, handled, tries } = this;
    return { lowWater, origin, handled: [...handled], tries: [...tries] };
  }

  /** The only way back: the log ends before the mark, so nothing behind its end was handled. */
  pullBackTo(newestSeq: number): void {
    this.lowWater = newestSeq;
    // The numbers behind the end are given anew, to records that this bot does read.
    if (this.origin !== undefined) this.origin = Math.min(this.origin, newestSeq);
    this.handled.clear();
    this.tries.clear();
  }

  private forgetBelowMark(): void {
    for (const seq of this.handled) if (seq <= this.lowWater) this.handled.delete(seq);
    for (const seq of this.tries.keys()) if (seq <= this.lowWater) this.tries.delete(seq);
    this.forgetAtSize = 2 * this.handled.size + 1_000;
  }

  private triesOf(seq: number): Tries {
    const known = this.tries.get(seq);
    if (known !== undefined) return known;
    const fresh = { begun: 0, failed: 0, released: 0, error: undefined };
    this.tries.set(seq, fresh);
    return fresh;
  }
}
