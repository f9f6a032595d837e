import type { Cancel, Clock } from "../../../shared/clock.ts";
import { ConflictThrottle, PollingRules, type PollQuery } from "./polling-rules.ts";
import type { QueuedUpdate, UpdateQueue } from "./update-queue.ts";

export type PollAnswer =
  | { readonly kind: "updates"; readonly updates: readonly QueuedUpdate[] }
  | { readonly kind: "conflict"; readonly description: string }
  | { readonly kind: "closing" }
  | { readonly kind: "logged_out" };

export const conflictText = {
  otherPoll:
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  setWebhook: "Conflict: terminated by setWebhook request",
  webhookActive:
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
} as const;

/** A parked call is answered a moment after an update came, so that a burst goes out as one batch (telegram-bot-api). */
const wakeDelayMs = 1;

interface ParkedPoll {
  readonly query: PollQuery;
  readonly answer: (answer: PollAnswer) => void;
  cancelTimer: Cancel;
  waking: boolean;
}

/**
 * The waiting place of one bot's getUpdates calls. One call can park; parking aborts the call parked before. Who
 * hangs up stays parked: the desk knows nothing of connections.
 */
export class PollDesk {
  private readonly queue: UpdateQueue;
  private readonly clock: Clock;
  private readonly rules = new PollingRules();
  private readonly throttle = new ConflictThrottle();
  private readonly late = new Map<Cancel, (answer: PollAnswer) => void>();
  private parkedPoll: ParkedPoll | undefined;
  private closed = false;

  constructor(queue: UpdateQueue, clock: Clock) {
    this.queue = queue;
    this.clock = clock;
  }

  get parked(): boolean {
    return this.parkedPoll !== undefined;
  }

  poll(asked: PollQuery): Promise<PollAnswer> {
    if (this.closed) return Promise.resolve({ kind: "closing" });
    const query = this.rules.adjust(asked, this.clock.monotonic());
    const updates = this.queue.read(query.offset, query.limit, this.clock.now());
    if (updates.length > 0 || query.timeoutSeconds === 0)
      return Promise.resolve({ kind: "updates", updates });
    this.abort(conflictText.otherPoll);
    return new Promise((answer) => {
      this.parkedPoll = {
        query,
        answer,
        waking: false,
        cancelTimer: this.clock.schedule(query.timeoutSeconds * 1000, () => this.answerParked()),
      };
    });
  }

  /** An update was queued. */
  wake(): void {
    const parked = this.parkedPoll;
    if (parked === undefined || parked.waking) return;
    parked.waking = true;
    parked.cancelTimer();
    parked.cancelTimer = this.clock.schedule(wakeDelayMs, () => this.answerParked());
  }

  /** Ends the parked call, if there is one, with a 409. */
  abort(description: string): void {
    const parked = this.takeParked();
    if (parked !== undefined) this.conflict(description, parked.answer);
  }

  /** A 409 for the caller itself, under the same throttle. */
  refuse(description: string): Promise<PollAnswer> {
    return new Promise((answer) => {
      this.conflict(description, answer);
    });
  }

  logOut(): void {
    this.takeParked()?.answer({ kind: "logged_out" });
  }

  /** Answers everybody who still waits and leaves no timer. */
  close(): void {
    this.closed = true;
    this.takeParked()?.answer({ kind: "closing" });
    for (const [cancel, answer] of this.late) {
      cancel();
      answer({ kind: "closing" });
    }
    this.late.clear();
  }

  private answerParked(): void {
    const parked = this.takeParked();
    if (parked === undefined) return;
    const { offset, limit } = parked.query;
    // A negative offset was applied on arrival; applied again it would drop what came since.
    const updates = this.queue.read(Math.max(offset, 0), limit, this.clock.now());
    parked.answer({ kind: "updates", updates });
  }

  private takeParked(): ParkedPoll | undefined {
    const parked = this.parkedPoll;
    this.parkedPoll = undefined;
    parked?.cancelTimer();
    return parked;
  }

  private conflict(description: string, answer: (answer: PollAnswer) => void): void {
    const delayMs = this.throttle.delayMs(this.clock.monotonic());
    if (delayMs === 0) {
      answer({ kind: "conflict", description });
      return;
    }
    const cancel = this.clock.schedule(delayMs, () => {
      this.late.delete(cancel);
      answer({ kind: "conflict", description });
    });
    this.late.set(cancel, answer);
  }
}
