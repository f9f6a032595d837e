import type { ItemKind, Outcome, Place, TelegramCall } from "./item.ts";

/** What earlier attempts have taught about one item. */
export interface AttemptFacts {
  /** Attempts of this process of which nobody knows whether they arrived. */
  readonly unknownOutcomes: number;
  /** Why it is sent again although it may have arrived; shown in its text. */
  readonly mark?: "restart" | "connection";
  /** Repeats of things that may be repeated freely. */
  readonly repeats: number;
  readonly moved: boolean;
  readonly withoutTopic: boolean;
  /** What it answers is gone. */
  readonly withoutReply: boolean;
  readonly plain: boolean;
  /** The mark that was said before it, because it has no text of its own. */
  readonly noted?: string;
}

export const freshFacts: AttemptFacts = {
  unknownOutcomes: 0,
  repeats: 0,
  moved: false,
  withoutTopic: false,
  withoutReply: false,
  plain: false,
};

export interface EntryStart {
  readonly kind: ItemKind;
  readonly place: Place | undefined;
  readonly enqueuedMs: number;
  compose(): TelegramCall | undefined;
  readonly key?: string;
  readonly variant?: string;
  readonly finalFor?: string;
  readonly facts?: AttemptFacts;
  /** For answers, see there. */
  readonly instead?: readonly TelegramCall[];
  readonly isOnlyInPlace?: boolean;
  readonly isUrgent?: boolean;
  /** Instant (monotonic) after which it is worth nothing. */
  readonly expiresMs?: number;
  /** Said by the outbox itself: that it failed is no answer that failed. */
  readonly isRemark?: boolean;
}

/** One item on its way through the outbox. */
export class Entry {
  readonly start: EntryStart;
  place: Place | undefined;
  facts: AttemptFacts;
  /** Its number in the journal; without it the entry ends with the process. */
  seq: number | undefined;
  /** It has its place in the order, but is not safe on the disk yet: it must not leave. */
  isHeld = false;
  /** Not before this instant (monotonic); its conversation waits with it. */
  notBeforeMs = 0;
  private readonly listeners: ((outcome: Outcome) => void)[] = [];
  private ended: Outcome | undefined;

  constructor(start: EntryStart) {
    this.start = start;
    this.place = start.place;
    this.facts = start.facts ?? freshFacts;
  }

  get kind(): ItemKind {
    return this.start.kind;
  }

  /** The outcome, once. */
  onEnd(listener: (outcome: Outcome) => void): void {
    if (this.ended === undefined) this.listeners.push(listener);
    else listener(this.ended);
  }

  /** The first outcome wins. */
  end(outcome: Outcome): void {
    if (this.ended !== undefined) return;
    this.ended = outcome;
    for (const listener of this.listeners.splice(0)) listener(outcome);
  }

  get hasEnded(): boolean {
    return this.ended !== undefined;
  }

  /** Whoever waits for this one now waits for the other. */
  followedBy(newer: Entry): void {
    newer.onEnd((outcome) => {
      this.end(outcome);
    });
  }
}
