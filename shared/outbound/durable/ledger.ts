import type { CallParams, TelegramCall } from "../queue/item.ts";
import type { AnswerRecord } from "./answer-line.ts";

export interface OpenAnswer {
  readonly seq: number;
  readonly id: string;
  readonly acceptedAtMs: number;
  readonly method: string;
  readonly params: CallParams;
  readonly instead?: readonly TelegramCall[];
  /** Its place in the order. */
  readonly standsAt: number;
  /** Attempts that began and of which nobody knows how they ended. */
  unknownOutcomes: number;
}

/** How an answer ended: message ids, or why not. */
export interface EndedAnswer {
  readonly atMs: number;
  readonly messageIds?: readonly number[];
  readonly reason?: string;
}

/** Ids are remembered for longer than Telegram repeats an update (24 h; facts/telegram-bot-api.md, section 2). */
const rememberMs = 48 * 3_600_000;
const rememberedIds = 10_000;

/** What the lines of the journal add up to. No I/O. */
export class Ledger {
  readonly botId: number;
  private next = 1;
  private readonly openAnswers = new Map<number, OpenAnswer>();
  private readonly endedAnswers = new Map<string, EndedAnswer>();

  constructor(botId: number) {
    this.botId = botId;
  }

  /** In the order of acceptance, the parts of an answer in its place. */
  get open(): readonly OpenAnswer[] {
    return [...this.openAnswers.values()].toSorted(
      (a, b) => a.standsAt - b.standsAt || a.seq - b.seq,
    );
  }

  get openCount(): number {
    return this.openAnswers.size;
  }

  get nextSeq(): number {
    return this.next;
  }

  /** Of an open answer. */
  idOf(seq: number): string | undefined {
    return this.openAnswers.get(seq)?.id;
  }

  ended(id: string): EndedAnswer | undefined {
    return this.endedAnswers.get(id);
  }

  apply(record: AnswerRecord): void {
    switch (record.t) {
      case "head":
        this.next = Math.max(this.next, record.next);
        return;
      case "accepted":
        this.accept(record);
        return;
      case "sending":
        this.count(record.seq, 1);
        return;
      case "back":
        this.count(record.seq, -1);
        return;
      case "sent":
        this.end(record.seq, { atMs: record.atMs, messageIds: record.messageIds });
        return;
      case "failed":
        this.end(record.seq, { atMs: record.atMs, reason: record.reason });
        return;
      case "ended":
        this.remember(record.id, record);
        return;
    }
  }

  /** The same state in as few lines as possible. */
  records(nowMs: number): AnswerRecord[] {
    return [
      { t: "head", v: 1, botId: this.botId, next: this.next },
      ...this.endedRecords(nowMs),
      ...this.open.map((answer): AnswerRecord => {
        const { seq, id, acceptedAtMs, method, params, standsAt, unknownOutcomes, instead } =
          answer;
        return {
          t: "accepted",
          seq,
          id,
          atMs: acceptedAtMs,
          method,
          params: { ...params },
          ...(instead === undefined ? {} : { instead: storedCalls(instead) }),
          ...(standsAt === seq ? {} : { standsAt }),
          ...(unknownOutcomes === 0 ? {} : { unknown: unknownOutcomes }),
        };
      }),
    ];
  }

  private *endedRecords(nowMs: number): Generator<AnswerRecord> {
    for (const [id, { atMs, messageIds, reason }] of this.endedAnswers) {
      if (nowMs - atMs >= rememberMs) continue;
      yield {
        t: "ended",
        id,
        atMs,
        ...(messageIds === undefined ? {} : { messageIds }),
        ...(reason === undefined ? {} : { reason }),
      };
    }
  }

  private accept(record: Extract<AnswerRecord, { t: "accepted" }>): void {
    const { seq, id, atMs: acceptedAtMs, method, params, standsAt = seq, instead } = record;
    this.next = Math.max(this.next, seq + 1);
    this.openAnswers.set(seq, {
      seq,
      id,
      acceptedAtMs,
      method,
      params,
      standsAt,
      unknownOutcomes: record.unknown ?? 0,
      ...(instead === undefined ? {} : { instead }),
    });
  }

  private count(seq: number, change: number): void {
    const answer = this.openAnswers.get(seq);
    if (answer !== undefined) {
      answer.unknownOutcomes = Math.max(0, answer.unknownOutcomes + change);
    }
  }

  private end(seq: number, ending: EndedAnswer): void {
    const answer = this.openAnswers.get(seq);
    if (answer === undefined) return;
    this.openAnswers.delete(seq);
    // An id that we gave ourselves is never asked for again.
    if (answer.id !== ownId(seq)) this.remember(answer.id, ending);
  }

  private remember(id: string, { atMs, messageIds, reason }: EndedAnswer): void {
    this.endedAnswers.delete(id);
    this.endedAnswers.set(id, {
      atMs,
      ...(messageIds === undefined ? {} : { messageIds }),
      ...(reason === undefined ? {} : { reason }),
    });
    const [oldest] = this.endedAnswers.keys();
    if (this.endedAnswers.size > rememberedIds && oldest !== undefined) {
      this.endedAnswers.delete(oldest);
    }
  }
}

/** As the record wants it: nothing in it is read-only. */
export function storedCalls(
  calls: readonly TelegramCall[],
): { method: string; params: Record<string, unknown> }[] {
  return calls.map(({ method, params }) => ({ method, params: { ...params } }));
}

/** The id of an answer whose producer gave none. */
export function ownId(seq: number): string {
  return `#${seq}`;
}
