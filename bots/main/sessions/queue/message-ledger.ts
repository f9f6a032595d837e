import type { TurnOutcome } from "../../agents/port.ts";
import type { Attachment, JournalLine, LineOf, Sent } from "./journal-line.ts";
import { SeenMessages } from "./seen-messages.ts";

export interface StoredMessage {
  readonly seq: number;
  readonly id: string;
  readonly sessionId: string;
  readonly acceptedAtMs: number;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly sent: Sent | undefined;
  /** An earlier attempt at it was interrupted. */
  readonly isRepeat: boolean;
}

export interface StoredTurn {
  readonly turn: number;
  readonly sessionId: string;
  readonly seqs: readonly number[];
  readonly beganAtMs: number;
  readonly shown: string;
  readonly state: "running" | "interrupted" | "decided";
  /** Of a decided one: not handed to the outbox yet. */
  readonly ending: { readonly outcome: TurnOutcome; readonly text: string } | undefined;
}

interface Entry {
  message: StoredMessage;
  /** Taken by a turn; of a cancelled one only what may still be restored is kept. */
  state: "waiting" | "taken" | "cancelled";
  cancelled?: LineOf<"cancelled">;
}

/** So long a stop can be taken back. */
const restorableMs = 24 * 3_600_000;

/**
 * What the lines of the journal add up to: each message waits, is taken by one turn, or has ended. No I/O, and a line
 * that is said twice changes nothing.
 */
export class MessageLedger {
  private nextSeq = 1;
  private nextTurn = 1;
  private readonly entries = new Map<number, Entry>();
  private readonly openTurns = new Map<number, StoredTurn>();
  private readonly seen = new SeenMessages();

  get next(): { readonly seq: number; readonly turn: number } {
    return { seq: this.nextSeq, turn: this.nextTurn };
  }

  /** Turns that are not over: running when the last life ended, undecided, or with an answer not handed on. */
  get turns(): readonly StoredTurn[] {
    return [...this.openTurns.values()];
  }

  turn(turn: number): StoredTurn | undefined {
    return this.openTurns.get(turn);
  }

  /** Sessions that have something in the journal: messages or turns. */
  get sessionIds(): ReadonlySet<string> {
    const owners = [...this.entries.values()].map(({ message }) => message.sessionId);
    return new Set([...owners, ...this.turns.map(({ sessionId }) => sessionId)]);
  }

  /** Oldest first. */
  waitingOf(sessionId: string): readonly StoredMessage[] {
    return [...this.entries.values()]
      .filter(({ state, message }) => state === "waiting" && message.sessionId === sessionId)
      .map(({ message }) => message)
      .toSorted((a, b) => a.seq - b.seq);
  }

  /** One that has not ended. */
  message(seq: number): StoredMessage | undefined {
    return this.entries.get(seq)?.message;
  }

  /** A message that waits; undefined when it is taken, has ended or never was. */
  waiting(seq: number): StoredMessage | undefined {
    const entry = this.entries.get(seq);
    return entry?.state === "waiting" ? entry.message : undefined;
  }

  /** What a token brings back; nothing once it was used. */
  restorable(token: string): readonly StoredMessage[] {
    return [...this.entries.values()]
      .filter(({ state, cancelled }) => state === "cancelled" && cancelled?.token === token)
      .map(({ message }) => message);
  }

  /** Whether the message was accepted before, whatever became of it. */
  knows(id: string): boolean {
    return this.seen.has(id);
  }

  apply(line: JournalLine): void {
    switch (line.t) {
      case "head":
        this.nextSeq = Math.max(this.nextSeq, line.nextSeq);
        this.nextTurn = Math.max(this.nextTurn, line.nextTurn);
        return;
      case "accepted":
        return this.accept(line);
      case "began":
        return this.begin(line);
      case "shown":
        return this.change(line.turn, { shown: line.text });
      case "outcome":
        return this.change(line.turn, { state: "decided", ending: line });
      case "interrupted":
        return this.change(line.turn, { state: "interrupted" });
      case "delivered":
        return this.end(line);
      case "undone":
        return this.undo(line);
      case "cancelled":
        return this.cancel(line);
      case "restored":
        for (const { seq } of this.restorable(line.token)) this.waitAgain(seq, {});
        return;
      case "seen":
      case "lost":
        this.seen.add(line.id, line.atMs);
        return;
      case "asked":
      case "settled":
      case "stopped":
      case "told":
        return;
    }
  }

  /** The same state in as few lines as possible. */
  lines(nowMs: number): JournalLine[] {
    for (const [seq, { cancelled }] of this.entries) {
      if (cancelled !== undefined && nowMs - cancelled.atMs >= restorableMs)
        this.entries.delete(seq);
    }
    const entries = [...this.entries.values()].toSorted((a, b) => a.message.seq - b.message.seq);
    return [
      { t: "head", v: 1, nextSeq: this.nextSeq, nextTurn: this.nextTurn },
      ...this.seen.lines(nowMs),
      ...entries.map(({ message }) => acceptedLine(message)),
      ...entries.flatMap(({ cancelled }) => cancelled ?? []),
      ...this.turns.flatMap(turnLines),
    ];
  }

  private accept(line: LineOf<"accepted">): void {
    const { seq, id, sessionId, atMs, text, attachments = [], sent, isRepeat = false } = line;
    this.nextSeq = Math.max(this.nextSeq, seq + 1);
    this.seen.add(id, atMs);
    if (this.entries.has(seq)) return;
    const message = { seq, id, sessionId, acceptedAtMs: atMs, text, attachments, sent, isRepeat };
    this.entries.set(seq, { message, state: "waiting" });
  }

  private begin({ turn, sessionId, seqs, atMs }: LineOf<"began">): void {
    this.nextTurn = Math.max(this.nextTurn, turn + 1);
    for (const seq of seqs) {
      const entry = this.entries.get(seq);
      if (entry !== undefined) entry.state = "taken";
    }
    if (this.openTurns.has(turn)) return;
    this.openTurns.set(turn, {
      turn,
      sessionId,
      seqs,
      beganAtMs: atMs,
      shown: "",
      state: "running",
      ending: undefined,
    });
  }

  private change(turn: number, change: Partial<StoredTurn>): void {
    const known = this.openTurns.get(turn);
    // The first outcome stays.
    if (known === undefined || (known.ending !== undefined && change.ending !== undefined)) return;
    this.openTurns.set(turn, { ...known, ...change });
  }

  private end({ turn }: LineOf<"delivered">): void {
    for (const seq of this.openTurns.get(turn)?.seqs ?? []) this.entries.delete(seq);
    this.openTurns.delete(turn);
  }

  private undo({ turn, isRepeat }: LineOf<"undone">): void {
    for (const seq of this.openTurns.get(turn)?.seqs ?? [])
      this.waitAgain(seq, isRepeat ? { isRepeat } : {});
    this.openTurns.delete(turn);
  }

  private waitAgain(seq: number, change: Partial<StoredMessage>): void {
    const entry = this.entries.get(seq);
    if (entry === undefined) return;
    this.entries.set(seq, { message: { ...entry.message, ...change }, state: "waiting" });
  }

  private cancel(line: LineOf<"cancelled">): void {
    for (const [turn, { seqs }] of this.openTurns) {
      if (seqs.some((seq) => line.seqs.includes(seq))) this.openTurns.delete(turn);
    }
    for (const seq of line.seqs) {
      const entry = this.entries.get(seq);
      if (entry === undefined) continue;
      if (line.token === undefined) this.entries.delete(seq);
      else
        this.entries.set(seq, {
          ...entry,
          state: "cancelled",
          cancelled: { ...line, seqs: [seq] },
        });
    }
  }
}

export function acceptedLine(message: StoredMessage): LineOf<"accepted"> {
  const { seq, id, sessionId, acceptedAtMs, text, attachments, sent, isRepeat } = message;
  return {
    t: "accepted",
    seq,
    id,
    sessionId,
    atMs: acceptedAtMs,
    text,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(sent === undefined ? {} : { sent }),
    ...(isRepeat ? { isRepeat } : {}),
  };
}

function turnLines(stored: StoredTurn): JournalLine[] {
  const { turn, sessionId, seqs, beganAtMs: atMs, shown, state, ending } = stored;
  return [
    { t: "began", turn, sessionId, seqs, atMs },
    ...(shown === "" ? [] : [{ t: "shown" as const, turn, text: shown }]),
    ...(state === "interrupted" ? [{ t: "interrupted" as const, turn }] : []),
    ...(ending === undefined ? [] : [{ t: "outcome" as const, turn, ...ending }]),
  ];
}
