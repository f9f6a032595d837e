import type { AnswerCall, Cause } from "../queue/item.ts";
import type { AnswerRecord } from "./answer-line.ts";
import { PartedAnswers } from "./parted-answers.ts";

export interface OpenAnswer extends AnswerCall {
  readonly seq: number;
  readonly id: string;
  readonly acceptedAtMs: number;
  /** The id of the answer whose part it is, where its producer gave one. */
  readonly partOf?: string;
  readonly cause?: Cause;
  /** Earlier lives in which an attempt began of which nobody knows how it ended. */
  unknownLives: number;
  /** Such attempts in this life. */
  unknownAttempts: number;
}

/** How an answer ended that is remembered. Without ids: given up, and it may have arrived. */
export interface EndedAnswer {
  readonly atMs: number;
  readonly messageIds?: readonly number[];
}

/** Ids are remembered for longer than Telegram repeats an update (24 h; facts/telegram-bot-api.md, section 2). */
const rememberMs = 48 * 3_600_000;
const rememberedIds = 10_000;

/** What the lines of the journal add up to. No I/O. */
export class Ledger {
  readonly botId: number;
  private next = 1;
  /** In the order in which they go out. */
  private openAnswers = new Map<number, OpenAnswer>();
  private readonly endedAnswers = new Map<string, EndedAnswer>();
  private readonly parted = new PartedAnswers();

  constructor(botId: number) {
    this.botId = botId;
  }

  /** In the order of acceptance, the parts of an answer in its place. */
  get open(): readonly OpenAnswer[] {
    return [...this.openAnswers.values()];
  }

  openAnswer(seq: number): OpenAnswer | undefined {
    return this.openAnswers.get(seq);
  }

  get openCount(): number {
    return this.openAnswers.size;
  }

  get nextSeq(): number {
    return this.next;
  }

  /** Of an open answer: the id under which it is asked for; that of the whole where it is a part. */
  idOf(seq: number): string | undefined {
    const answer = this.openAnswers.get(seq);
    return answer?.partOf ?? answer?.id;
  }

  /** Whether parts of this answer are still open. */
  hasParts(id: string): boolean {
    return this.parted.has(id);
  }

  /** What is remembered of an answer that is not open. */
  ended(id: string): EndedAnswer | undefined {
    return this.endedAnswers.get(id);
  }

  /** A new life: attempts that earlier ones left open count as one for each life. */
  beginLife(): void {
    for (const answer of this.openAnswers.values()) {
      if (answer.unknownAttempts > 0) answer.unknownLives += 1;
      answer.unknownAttempts = 0;
    }
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
      case "replaced":
        this.replace(record);
        return;
      case "sent":
        this.end(record.seq, { atMs: record.atMs, messageIds: record.messageIds });
        return;
      case "failed":
        this.end(record.seq, { atMs: record.atMs });
        return;
      case "ended":
        this.remember(record.id, record);
        return;
      case "parted":
        this.parted.restore(record);
    }
  }

  /** The same state in as few lines as possible. */
  records(nowMs: number): AnswerRecord[] {
    return [
      { t: "head", v: 1, botId: this.botId, next: this.next },
      ...this.endedRecords(nowMs),
      ...this.parted.records(),
      ...this.open.flatMap(recordsOf),
    ];
  }

  private *endedRecords(nowMs: number): Generator<AnswerRecord> {
    for (const [id, { atMs, messageIds }] of this.endedAnswers) {
      if (nowMs - atMs >= rememberMs) continue;
      yield { t: "ended", id, atMs, ...(messageIds === undefined ? {} : { messageIds }) };
    }
  }

  private accept(record: Extract<AnswerRecord, { t: "accepted" }>): void {
    const { t: _, atMs: acceptedAtMs, unknown: unknownLives = 0, ...answer } = record;
    this.next = Math.max(this.next, answer.seq + 1);
    // Its doubt, if there was one, is its own now.
    this.endedAnswers.delete(answer.id);
    if (answer.partOf !== undefined) this.parted.add(answer.partOf, 1);
    this.openAnswers.set(answer.seq, {
      ...answer,
      acceptedAtMs,
      unknownLives,
      unknownAttempts: 0,
    });
  }

  private replace({ seq, by }: Extract<AnswerRecord, { t: "replaced" }>): void {
    const whole = this.openAnswers.get(seq);
    if (whole === undefined) return;
    const partOf = whole.partOf ?? (whole.id === ownId(seq) ? undefined : whole.id);
    const { acceptedAtMs, unknownLives, cause } = whole;
    const parts = by.map((part): [number, OpenAnswer] => {
      this.next = Math.max(this.next, part.seq + 1);
      const id = ownId(part.seq);
      const owner = {
        ...(partOf === undefined ? {} : { partOf }),
        ...(cause === undefined ? {} : { cause }),
      };
      return [part.seq, { ...part, id, acceptedAtMs, unknownLives, unknownAttempts: 0, ...owner }];
    });
    if (partOf !== undefined) this.parted.add(partOf, parts.length - (whole.partOf ? 1 : 0));
    this.openAnswers = new Map(
      [...this.openAnswers].flatMap((open) => (open[0] === seq ? parts : [open])),
    );
  }

  private count(seq: number, change: number): void {
    const answer = this.openAnswers.get(seq);
    if (answer !== undefined) {
      answer.unknownAttempts = Math.max(0, answer.unknownAttempts + change);
    }
  }

  private end(seq: number, { atMs, messageIds }: EndedAnswer): void {
    const answer = this.openAnswers.get(seq);
    if (answer === undefined) return;
    this.openAnswers.delete(seq);
    const mayHaveArrived = answer.unknownLives + answer.unknownAttempts > 0;
    const ending = { messageIds, mayHaveArrived };
    const { partOf } = answer;
    // An id that we gave ourselves is never asked for again.
    if (partOf === undefined && answer.id === ownId(seq)) return;
    const whole = partOf === undefined ? ending : this.parted.end(partOf, ending);
    if (whole?.messageIds !== undefined) {
      this.remember(partOf ?? answer.id, { atMs, messageIds: whole.messageIds });
    } else if (whole?.mayHaveArrived === true) this.remember(partOf ?? answer.id, { atMs });
  }

  private remember(id: string, { atMs, messageIds }: EndedAnswer): void {
    this.endedAnswers.delete(id);
    this.endedAnswers.set(id, { atMs, ...(messageIds === undefined ? {} : { messageIds }) });
    const [oldest] = this.endedAnswers.keys();
    if (this.endedAnswers.size > rememberedIds && oldest !== undefined) {
      this.endedAnswers.delete(oldest);
    }
  }
}

function recordsOf(answer: OpenAnswer): AnswerRecord[] {
  const { seq, id, acceptedAtMs: atMs, partOf, cause, unknownLives, unknownAttempts } = answer;
  const accepted: AnswerRecord = {
    t: "accepted",
    seq,
    id,
    atMs,
    ...storedAnswer(answer),
    ...(partOf === undefined ? {} : { partOf }),
    ...(cause === undefined ? {} : { cause }),
    ...(unknownLives === 0 ? {} : { unknown: unknownLives }),
  };
  // Those of this life stay attempts: one that surely did not arrive is still taken back.
  const attempts = Array.from({ length: unknownAttempts }, () => ({ t: "sending", seq }) as const);
  return [accepted, ...attempts];
}

interface StoredCall {
  method: string;
  params: Record<string, unknown>;
}

/** As the record wants it: nothing in it is read-only. */
export function storedAnswer({
  method,
  params,
  instead,
  isOnlyInPlace,
}: AnswerCall): StoredCall & { instead?: StoredCall[]; isOnlyInPlace?: true } {
  const simpler = instead?.map((call) => ({ method: call.method, params: { ...call.params } }));
  return {
    method,
    params: { ...params },
    ...(simpler && { instead: simpler }),
    ...(isOnlyInPlace === true && { isOnlyInPlace }),
  };
}

/** The id of an answer whose producer gave none. */
export function ownId(seq: number): string {
  return `#${seq}`;
}
