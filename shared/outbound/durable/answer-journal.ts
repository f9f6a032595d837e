import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { redact } from "../../redact.ts";
import { GrowingJournal } from "../../storage/growing-journal.ts";
import { DiskStorage, type JournalStorage } from "../../storage/journal-storage.ts";
import type { EndedMessage } from "../delivery/ports.ts";
import { type AnswerCall, type Cause, placeOf } from "../queue/item.ts";
import { type AnswerRecord, encodeRecord } from "./answer-line.ts";
import { type Ledger, type OpenAnswer, ownId, storedAnswer } from "./ledger.ts";
import { readJournal } from "./read-journal.ts";
import { storageTrouble } from "./storage-trouble.ts";

export interface JournalOptions {
  /** `<stateDir>/outbox/<bot>/answers.jsonl` */
  readonly path: string;
  readonly botId: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onEnded?: ((message: EndedMessage) => void) | undefined;
  readonly storage?: JournalStorage;
  /** Size from which on it is written anew. */
  readonly compactAtBytes?: number;
}

export type Acceptance =
  /** `mayHaveArrived`: an earlier one under its id was given up, and nobody knows whether it arrived. */
  | { readonly state: "new"; readonly seq: number; readonly mayHaveArrived: boolean }
  /** The same id waits already, or is being written down. */
  | { readonly state: "waiting"; readonly seq: number }
  | { readonly state: "sent"; readonly messageIds: readonly number[] };

const longestReason = 300;

/**
 * The answers that were promised and are not sent yet, on the disk: accepted -> sending -> sent or failed. One process
 * at a time.
 */
export class AnswerJournal {
  private readonly options: JournalOptions;
  private readonly storage: JournalStorage;
  private readonly ledger: Ledger;
  private readonly lines: GrowingJournal;
  private readonly waitingIds = new Map<string, { seq: number; safe: Promise<void> }>();
  private next: number;

  private constructor(
    options: JournalOptions,
    storage: JournalStorage,
    ledger: Ledger,
    lines: GrowingJournal,
  ) {
    this.options = options;
    this.storage = storage;
    this.ledger = ledger;
    this.next = ledger.nextSeq;
    this.lines = lines;
    for (const { id, partOf, seq } of ledger.open) {
      const asked = partOf ?? id;
      if (asked !== ownId(seq)) this.waitingIds.set(asked, { seq, safe: Promise.resolve() });
    }
  }

  /**
   * Reads what earlier lives left and writes it anew.
   * @throws AnswerNotStoredError when the disk does not let us
   */
  static async open(options: JournalOptions): Promise<AnswerJournal> {
    const storage = options.storage ?? new DiskStorage(options.path, options.clock);
    try {
      const { botId, clock, log, compactAtBytes } = options;
      const ledger = await readJournal(storage, botId, log);
      ledger.beginLife();
      const lines = await GrowingJournal.open({
        storage,
        snapshot: () => ledger.records(clock.now()).map(encodeRecord).join(""),
        log,
        ...(compactAtBytes === undefined ? {} : { compactAtBytes }),
      });
      return new AnswerJournal(options, storage, ledger, lines);
    } catch (error) {
      throw storageTrouble(storage.place, error);
    }
  }

  /** Answers that were accepted and are not sent, oldest first. */
  get unsent(): readonly OpenAnswer[] {
    return this.ledger.open;
  }

  /** The id that the producer of an unsent answer gave it, if it did. */
  producerIdOf(seq: number): string | undefined {
    const id = this.ledger.idOf(seq);
    return id === ownId(seq) ? undefined : id;
  }

  /** Whether this is the answer that waits, or is being written down, under its id. */
  isWaiting(answerId: string | undefined, seq: number): boolean {
    return answerId !== undefined && this.waitingIds.get(answerId)?.seq === seq;
  }

  /** The messages of an answer that was sent under this id, with all its parts; undefined where none was. */
  sentAs(answerId: string | undefined): readonly number[] | undefined {
    return answerId === undefined ? undefined : this.ledger.ended(answerId)?.messageIds;
  }

  /**
   * Resolves when the answer is safe on the disk, or was before.
   * @throws AnswerNotStoredError when it could not be written; it is then not ours
   */
  async accept(
    call: AnswerCall & { readonly cause?: Cause },
    answerId?: string,
  ): Promise<Acceptance> {
    let mayHaveArrived = false;
    if (answerId !== undefined) {
      const ending = this.ledger.ended(answerId);
      if (ending?.messageIds !== undefined) return { state: "sent", messageIds: ending.messageIds };
      mayHaveArrived = ending !== undefined;
      const waiting = this.waitingIds.get(answerId);
      if (waiting !== undefined) {
        await waiting.safe;
        return { state: "waiting", seq: waiting.seq };
      }
    }
    const seq = this.next;
    this.next += 1;
    const id = answerId ?? ownId(seq);
    const atMs = this.options.clock.now();
    const record: AnswerRecord = {
      t: "accepted",
      seq,
      id,
      atMs,
      ...storedAnswer(call),
      ...(call.cause === undefined ? {} : { cause: call.cause }),
      ...(mayHaveArrived ? { unknown: 1 } : {}),
    };
    const safe = this.lines
      .commit(encodeRecord(record), () => {
        this.ledger.apply(record);
      })
      .catch((error: unknown) => {
        if (answerId !== undefined) this.waitingIds.delete(answerId);
        throw storageTrouble(this.storage.place, error);
      });
    // Nobody can ask for one without an id.
    if (answerId !== undefined) this.waitingIds.set(answerId, { seq, safe });
    await safe;
    return { state: "new", seq, mayHaveArrived };
  }

  /**
   * Resolves with their numbers when others stand in the place of an unsent answer, all of them or, after a crash, none.
   * @throws AnswerNotStoredError when it could not be written; the answer is then as it was
   */
  async replace(seq: number, calls: readonly AnswerCall[]): Promise<readonly number[]> {
    const by = calls.map((call, index) => ({ seq: this.next + index, ...storedAnswer(call) }));
    this.next += by.length;
    await this.commit({ t: "replaced", seq, by });
    return by.map((part) => part.seq);
  }

  /** Resolves when it is safe that an attempt begins. @throws AnswerNotStoredError; the request must then not leave */
  sending(seq: number): Promise<void> {
    return this.commit({ t: "sending", seq });
  }

  /** The attempt surely did not arrive: as if it had never begun. */
  takeBack(seq: number): void {
    const record = { t: "back", seq } as const;
    this.ledger.apply(record);
    this.lines.note(encodeRecord(record));
  }

  sent(seq: number, messageIds: readonly number[]): void {
    this.tellEnded(seq, { state: "sent", messageIds });
    this.end({ t: "sent", seq, messageIds: [...messageIds], atMs: this.options.clock.now() });
  }

  failed(seq: number, reason: string): void {
    const shortened = redact(reason).slice(0, longestReason);
    this.tellEnded(seq, { state: "failed", reason: shortened });
    this.end({ t: "failed", seq, reason: shortened, atMs: this.options.clock.now() });
  }

  /** Everything said is on the disk when it resolves. @throws the system's error */
  close(): Promise<void> {
    return this.lines.close();
  }

  private tellEnded(seq: number, ending: EndedMessage["ending"]): void {
    const answer = this.ledger.openAnswer(seq);
    if (answer === undefined) return;
    const { params, cause, acceptedAtMs: sinceMs } = answer;
    this.options.onEnded?.({ place: placeOf(params), cause, sinceMs, ending });
  }

  private end(record: Parameters<Ledger["apply"]>[0] & { readonly seq: number }): void {
    const id = this.ledger.idOf(record.seq);
    if (id === undefined) return;
    this.ledger.apply(record);
    if (!this.ledger.hasParts(id)) this.waitingIds.delete(id);
    this.lines.note(encodeRecord(record));
  }

  private async commit(record: AnswerRecord): Promise<void> {
    try {
      await this.lines.commit(encodeRecord(record), () => {
        this.ledger.apply(record);
      });
    } catch (error) {
      throw storageTrouble(this.storage.place, error);
    }
  }
}
