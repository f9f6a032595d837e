import type { JournalLine, LineOf } from "../../../../../bots/main/sessions/queue/journal-line.ts";
import type {
  MessageLedger,
  StoredMessage,
} from "../../../../../bots/main/sessions/queue/message-ledger.ts";

type Fate =
  | { readonly state: "waiting"; readonly restoredBy?: string | undefined }
  | { readonly state: "taken"; readonly turn: number }
  | { readonly state: "cancelled"; readonly token: string | undefined }
  | { readonly state: "ended"; readonly as: string };

/** Whether a stop was said that means what was sent to this session with this order. */
type IsStopped = (sessionId: string, order: number) => boolean;

/** Follows every decision about messages and turns, and throws at the first that breaks a promise. */
export class MessageModel {
  readonly fates = new Map<number, Fate>();
  /** Messages whose sender was told that they are safe. */
  readonly acknowledged = new Set<number>();
  /** Numbers of messages, and of turns, that a person has wished to be ended. */
  readonly cancelWished = new Set<number>();
  readonly discardWished = new Set<number>();
  private watched: MessageLedger | undefined;
  private readonly orders = new Map<
    number,
    { readonly sessionId: string; readonly order: number }
  >();
  private readonly seqsOf = new Map<number, readonly number[]>();
  private readonly outcomes = new Map<number, string>();
  private readonly interrupted = new Set<number>();
  private readonly isStopped: IsStopped;

  constructor(isStopped: IsStopped) {
    this.isStopped = isStopped;
  }

  /** The life is over: what it still does, nobody sees. */
  kill(): void {
    this.watched = undefined;
  }

  /** From now on sees each line in the moment in which it counts. */
  watch(ledger: MessageLedger): void {
    const apply = ledger.apply.bind(ledger);
    this.watched = ledger;
    ledger.apply = (line) => {
      if (this.watched === ledger) this.see(line);
      apply(line);
    };
  }

  /** After a kill: what the disk says counts. Nothing that was acknowledged is lost, nothing that ended begins again. */
  resume(ledger: MessageLedger): void {
    for (const [seq, fate] of this.fates) {
      const isWaiting = ledger.waiting(seq) !== undefined;
      const turn = ledger.turns.find(({ seqs }) => seqs.includes(seq));
      const found = isWaiting || turn !== undefined;
      if (
        fate.state === "ended" &&
        (isWaiting || (turn !== undefined && turn.ending === undefined))
      ) {
        throw new Error(`message ${seq} had ended as ${fate.as} and is at work again`);
      }
      const token = fate.state === "waiting" ? fate.restoredBy : undefined;
      if (token !== undefined && ledger.restorable(token).some((each) => each.seq === seq)) {
        // It was to come back, but that was not written down.
        this.fates.set(seq, { state: "cancelled", token });
        continue;
      }
      if (!found && (fate.state === "waiting" || fate.state === "taken")) {
        if (this.acknowledged.has(seq))
          throw new Error(`message ${seq} was ${fate.state} and is lost`);
        this.fates.delete(seq);
      }
      if (isWaiting) this.fates.set(seq, { state: "waiting" });
      else if (turn !== undefined) this.fates.set(seq, { state: "taken", turn: turn.turn });
    }
    // Turns of which nothing was written down; their numbers are given again.
    for (const turn of this.outcomes.keys()) {
      if (turn >= ledger.next.turn) this.outcomes.delete(turn);
    }
    // Written down, but nobody was told any more.
    for (const sessionId of ledger.sessionIds) {
      for (const message of ledger.waitingOf(sessionId)) {
        this.fates.set(message.seq, { state: "waiting" });
        this.sent(message);
      }
    }
    for (const { turn, seqs, ending } of ledger.turns) {
      for (const seq of seqs) this.fates.set(seq, { state: "taken", turn });
      this.seqsOf.set(turn, seqs);
      if (ending === undefined) this.outcomes.delete(turn);
      else this.outcomes.set(turn, ending.outcome);
    }
  }

  /** How many messages a token must bring back. */
  restorable(token: string): number {
    return [...this.fates.values()].filter(
      (fate) => fate.state === "cancelled" && fate.token === token,
    ).length;
  }

  get unfinished(): readonly number[] {
    return [...this.fates]
      .filter(([, { state }]) => state === "waiting" || state === "taken")
      .map(([seq]) => seq);
  }

  private see(line: JournalLine): void {
    switch (line.t) {
      case "accepted":
        this.sent(line);
        return this.move(line.seq, [undefined], { state: "waiting" }, line);
      case "began":
        this.seqsOf.set(line.turn, line.seqs);
        for (const seq of line.seqs)
          this.move(seq, ["waiting"], { state: "taken", turn: line.turn }, line);
        return;
      case "undone":
        for (const seq of this.seqsOf.get(line.turn) ?? [])
          this.move(seq, ["taken"], { state: "waiting" }, line);
        return;
      case "outcome":
        if (this.outcomes.has(line.turn)) throw new Error(`turn ${line.turn} has two outcomes`);
        this.outcomes.set(line.turn, line.outcome);
        return;
      case "interrupted":
        this.interrupted.add(line.turn);
        return;
      case "delivered":
        for (const seq of this.seqsOf.get(line.turn) ?? []) {
          const as = this.outcomes.get(line.turn);
          if (as === undefined)
            throw new Error(`turn ${line.turn} was delivered without an outcome`);
          this.move(seq, ["taken"], { state: "ended", as }, line);
        }
        return;
      case "cancelled":
        for (const seq of line.seqs) {
          const from = line.why === "discarded" ? "taken" : "waiting";
          if (!this.isWished(seq, line))
            throw new Error(`message ${seq} is cancelled by nobody: ${JSON.stringify(line)}`);
          this.move(seq, [from], { state: "cancelled", token: line.token }, line);
        }
        return;
      case "restored":
        for (const [seq, fate] of this.fates) {
          if (fate.state === "cancelled" && fate.token === line.token)
            this.fates.set(seq, { state: "waiting", restoredBy: line.token });
        }
        return;
      case "asked":
      case "head":
      case "seen":
      case "settled":
      case "stopped":
      case "lost":
      case "told":
      case "shown":
        return;
    }
  }

  private sent({ seq, sessionId, id }: Pick<StoredMessage, "seq" | "sessionId" | "id">): void {
    this.orders.set(seq, { sessionId, order: Number(id.split("/").at(-1)) });
  }

  /** Messages end for nothing but a person's wish. */
  private isWished(seq: number, { why, seqs }: LineOf<"cancelled">): boolean {
    // All pieces of one message go together.
    if (why === "cancelled") return seqs.some((each) => this.cancelWished.has(each));
    const fate = this.fates.get(seq);
    if (why === "discarded")
      return (
        fate?.state === "taken" &&
        this.interrupted.has(fate.turn) &&
        this.discardWished.has(fate.turn)
      );
    const sent = this.orders.get(seq);
    return why === "stopped" && sent !== undefined && this.isStopped(sent.sessionId, sent.order);
  }

  private move(
    seq: number,
    from: readonly (Fate["state"] | undefined)[],
    to: Fate,
    line: JournalLine,
  ): void {
    const state = this.fates.get(seq)?.state;
    if (!from.includes(state)) {
      throw new Error(`message ${seq} is ${state ?? "unknown"}: ${JSON.stringify(line)}`);
    }
    this.fates.set(seq, to);
  }
}
