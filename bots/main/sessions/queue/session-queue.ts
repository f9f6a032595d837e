import type { SessionParts } from "../session-parts.ts";
import { burstsIn, firstBurst } from "./burst.ts";
import type { CancelReason, JournalLine } from "./journal-line.ts";
import type { StoredMessage } from "./message-ledger.ts";

/** The messages of one session that wait. What is decided here counts at once, and is recorded when it resolves. */
export class SessionQueue {
  private readonly parts: SessionParts;
  private readonly id: string;

  constructor(parts: SessionParts, id: string) {
    this.parts = parts;
    this.id = id;
  }

  /** Oldest first. */
  get waiting(): readonly StoredMessage[] {
    return this.parts.journal.messages.waitingOf(this.id);
  }

  /** What the next turn takes of them: one message, or the pieces of one. */
  get next(): readonly StoredMessage[] {
    return firstBurst(this.waiting);
  }

  /** With all the pieces of the same message. @returns false when it does not wait any more */
  async cancel(seq: number): Promise<boolean> {
    const seqs = burstsIn(this.waiting).map((burst) => burst.map((message) => message.seq));
    const meant = seqs.find((each) => each.includes(seq));
    if (meant === undefined) return false;
    await this.record(this.cancelled(meant, "cancelled"));
    return true;
  }

  /** @param token brings them back, once */
  cancelAll(messages: readonly StoredMessage[], why: CancelReason, token: string): Promise<void> {
    const seqs = messages.map(({ seq }) => seq);
    return seqs.length === 0
      ? Promise.resolve()
      : this.record({ ...this.cancelled(seqs, why), token });
  }

  /** A turn that a restart interrupted: its messages wait again, or end. @returns undefined when that was settled before */
  settleInterrupted(turn: number, wish: "resume" | "discard"): Promise<void> | undefined {
    const stored = this.parts.journal.messages.turn(turn);
    if (stored?.state !== "interrupted" || stored.sessionId !== this.id) return undefined;
    return this.record(
      wish === "resume"
        ? { t: "undone", turn, isRepeat: true }
        : this.cancelled(stored.seqs, "discarded"),
    );
  }

  private record(line: JournalLine): Promise<void> {
    return this.parts.journal.record(line);
  }

  private cancelled(seqs: readonly number[], why: CancelReason) {
    const { chat, clock, store } = this.parts;
    const { conversation } = store.get(this.id);
    for (const seq of seqs) chat.left(conversation, seq, "cancelled");
    return { t: "cancelled" as const, seqs, why, atMs: clock.now() };
  }
}
