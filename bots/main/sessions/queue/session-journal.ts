import type { Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import { GrowingJournal, readJournalLines } from "../../../../shared/storage/growing-journal.ts";
import type { JournalStorage } from "../../../../shared/storage/journal-storage.ts";
import { StopLedger } from "../scope/stop-ledger.ts";
import { updatesOf } from "./behalf.ts";
import {
  type Attachment,
  decodeLine,
  encodeLine,
  type JournalLine,
  type Sent,
} from "./journal-line.ts";
import { acceptedLine, MessageLedger, type StoredMessage } from "./message-ledger.ts";
import { RequestLedger } from "./request-ledger.ts";
import type { TurnNotes } from "./turn-notes.ts";

export interface SessionJournalOptions {
  readonly storage: JournalStorage;
  readonly clock: Clock;
  readonly log: Log;
  /** Told what is written from now on; not what earlier lives wrote. */
  readonly notes?: TurnNotes;
  readonly compactAtBytes?: number;
}

export interface NewMessage {
  /** `<bot id>/<update id>` */
  readonly id: string;
  readonly sessionId: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly sent?: Sent | undefined;
}

/**
 * All that sessions promised, on the disk: messages, turns, requests, stops. What is written changes the ledgers at
 * once, so that decisions never wait for the disk; only a new message counts from the moment it is safe.
 */
export class SessionJournal {
  readonly messages: MessageLedger;
  readonly requests: RequestLedger;
  readonly stops: StopLedger;
  private readonly options: SessionJournalOptions;
  private readonly lines: GrowingJournal;
  private readonly accepting = new Map<string, Promise<unknown>>();
  private nextSeq: number;
  private nextTurn: number;
  private onChange: () => void = () => undefined;

  private constructor(
    options: SessionJournalOptions,
    lines: GrowingJournal,
    messages: MessageLedger,
    requests: RequestLedger,
    stops: StopLedger,
  ) {
    this.options = options;
    this.lines = lines;
    this.messages = messages;
    this.requests = requests;
    this.stops = stops;
    this.nextSeq = messages.next.seq;
    this.nextTurn = messages.next.turn;
  }

  /** Reads what earlier lives left and writes it anew; a damaged file is set aside. @throws the system's error */
  static async open(options: SessionJournalOptions): Promise<SessionJournal> {
    const { storage, clock, log, compactAtBytes } = options;
    const messages = new MessageLedger();
    const requests = new RequestLedger();
    const stops = new StopLedger();
    const reading = { decode: decodeLine, name: "The journal of sessions", log };
    for (const line of await readJournalLines(storage, reading)) {
      messages.apply(line);
      requests.apply(line);
      stops.apply(line);
    }
    const lines = await GrowingJournal.open({
      storage,
      snapshot: () =>
        [...messages.lines(clock.now()), ...requests.lines(), ...stops.lines()]
          .map(encodeLine)
          .join(""),
      log,
      ...(compactAtBytes === undefined ? {} : { compactAtBytes }),
    });
    return new SessionJournal(options, lines, messages, requests, stops);
  }

  /** @param onChange called when something counts that did not before */
  watch(onChange: () => void): void {
    this.onChange = onChange;
  }

  takeTurnNumber(): number {
    this.nextTurn += 1;
    return this.nextTurn - 1;
  }

  /**
   * Resolves when the message is safe on the disk, in the order of the calls; undefined when it was accepted before.
   * @param onSafe called in the very moment from which on it waits
   * @throws the system's error; it is then not ours
   */
  async accept(
    message: NewMessage,
    onSafe: (stored: StoredMessage) => void,
  ): Promise<StoredMessage | undefined> {
    // A repeat while the first is on its way waits for that one: if it fails, this one takes its place.
    for (let other = this.accepting.get(message.id); other !== undefined; ) {
      await other.catch(() => undefined);
      other = this.accepting.get(message.id);
    }
    if (this.isRepeat(message)) return undefined;
    const updates = updatesOf([message]);
    const stored: StoredMessage = {
      ...message,
      sent: message.sent,
      seq: this.nextSeq,
      acceptedAtMs: this.options.clock.now(),
      isRepeat: false,
    };
    this.nextSeq += 1;
    const line = acceptedLine(stored);
    const safe = this.lines.commit(encodeLine(line), () => {
      this.messages.apply(line);
      this.options.notes?.queued(stored.sessionId, updates);
      onSafe(stored);
      this.onChange();
    });
    this.accepting.set(message.id, safe);
    try {
      await safe;
    } finally {
      this.accepting.delete(message.id);
    }
    return stored;
  }

  /** Whether the message was accepted before; then that is noted. */
  isRepeat(message: { readonly id: string }): boolean {
    if (!this.messages.knows(message.id)) return false;
    this.options.notes?.known(updatesOf([message]));
    return true;
  }

  /** True for now; on the disk when it resolves. @throws the system's error; it is then written when the disk lets us */
  async write(...lines: readonly JournalLine[]): Promise<void> {
    this.apply(lines);
    if (lines.length > 0) await this.lines.insist(lines.map(encodeLine).join(""));
  }

  /** Survives the end of the process, and a power cut with the next thing that waits for the disk. */
  note(...lines: readonly JournalLine[]): void {
    this.apply(lines);
    this.lines.note(lines.map(encodeLine).join(""));
  }

  /** For what has happened, whether or not it can be written down. */
  async record(...lines: readonly JournalLine[]): Promise<void> {
    try {
      await this.write(...lines);
    } catch (error) {
      this.options.log.error("What sessions did cannot be written down yet.", {
        file: this.options.storage.place,
        cause: errorMessage(error),
      });
    }
  }

  /** @throws the system's error */
  close(): Promise<void> {
    return this.lines.close();
  }

  private apply(lines: readonly JournalLine[]): void {
    for (const line of lines) {
      this.options.notes?.heard(line, this.messages);
      this.messages.apply(line);
      this.requests.apply(line);
      this.stops.apply(line);
    }
    this.onChange();
  }
}
