import type { Clock } from "../../../../shared/clock.ts";

/** What something was begun under; it counts as long as its conversation was not stopped since. */
export interface Pass {
  readonly conversation: string;
  readonly generation: number;
}

/** No message is on its way for longer; after a week of silence Telegram may begin with smaller update ids. */
export const onTheirWayMs = 5 * 60_000;

/**
 * The generations of conversations: a stop begins a new one, and all that an older one still prints, returns or queues
 * ends here, in {@link through}.
 */
export class Fence {
  private readonly generations = new Map<string, number>();
  private readonly marks = new Map<string, { readonly order: number; readonly untilMs: number }>();
  /** Conversations that go by another name now: their generations are counted under the first one. */
  private readonly firstNames = new Map<string, string>();
  private readonly clock: Clock;
  private discardedOutput = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The conversation goes on under another name; what was begun before belongs to it. */
  rename(from: string, to: string): void {
    const first = this.first(from);
    if (this.first(to) === first) return;
    this.generations.set(first, this.generationOf(from) + this.generationOf(to));
    const mark = this.marks.get(to);
    if (mark !== undefined) this.marks.set(first, mark);
    this.marks.delete(to);
    this.firstNames.set(to, first);
  }

  pass(conversation: string): Pass {
    return { conversation, generation: this.generationOf(conversation) };
  }

  holds({ conversation, generation }: Pass): boolean {
    return this.generationOf(conversation) === generation;
  }

  /** Runs the action, unless the conversation was stopped since the pass was given. @returns whether it ran */
  through(pass: Pass, action: () => void): boolean {
    if (!this.holds(pass)) {
      this.discardedOutput += 1;
      return false;
    }
    action();
    return true;
  }

  /** From here on what runs in the conversation belongs to the past. */
  raise(conversation: string): void {
    this.generations.set(this.first(conversation), this.generationOf(conversation) + 1);
  }

  /**
   * Something was stopped: messages that were sent before the stop and are still on their way to the queue fall under
   * it, too. Ends with the next message sent after it.
   * @param order of the stop among the messages of its bot (the update id)
   */
  mark(conversation: string, order: number): void {
    const first = this.first(conversation);
    // Two stops may be decided in another order than they were said.
    const nowMs = this.clock.monotonic();
    const earlier = this.marks.get(first);
    const isValid = earlier !== undefined && nowMs < earlier.untilMs;
    const latest = isValid ? Math.max(order, earlier.order) : order;
    this.marks.set(first, { order: latest, untilMs: nowMs + onTheirWayMs });
  }

  /** Whether a message was sent before a stop that ended something; one sent later ends the mark. */
  isStopped(conversation: string, order: number): boolean {
    const first = this.first(conversation);
    const mark = this.marks.get(first);
    if (mark === undefined) return false;
    if (order < mark.order && this.clock.monotonic() < mark.untilMs) return true;
    this.marks.delete(first);
    return false;
  }

  /** How much of the past was thrown away. */
  get discarded(): number {
    return this.discardedOutput;
  }

  get markCount(): number {
    return this.marks.size;
  }

  private generationOf(conversation: string): number {
    return this.generations.get(this.first(conversation)) ?? 0;
  }

  private first(conversation: string): string {
    return this.firstNames.get(conversation) ?? conversation;
  }
}
