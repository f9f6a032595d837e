import { OperationError } from "../../errors.ts";
import { isRepeatable } from "../delivery/method-kind.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import { Entry } from "../queue/entry.ts";
import { type Answer, type Outcome, type Place, placeKey, type Receipt } from "../queue/item.ts";
import type { OutboxQueue } from "../queue/outbox-queue.ts";
import { isStorable } from "../queue/stored-file.ts";
import { outcomeOf } from "./receipts.ts";

export interface AdmissionParts {
  readonly queue: OutboxQueue;
  readonly journal: AnswerJournal;
  /** Something new may be sent. */
  readonly wake: () => void;
  readonly nowMs: () => number;
  /** Where this is now: a group may have moved. */
  readonly whereIs: (place: Place) => Place;
  /** One that no journal knows, because its file cannot be kept. */
  readonly registerUnwritten: (entry: Entry, answer: Answer) => void;
  /** Every answer that came in, to be counted when it ends. */
  readonly register: (entry: Entry) => void;
}

interface AtTheDoor {
  readonly answer: Answer;
  readonly entry: Entry;
  readonly place: Place;
  readonly resolve: (accepted: Promise<"accepted">) => void;
}

/**
 * How answers come in: a place in the order at once, then the disk, and only then may they leave. A full queue keeps
 * them at the door, in order; their producer waits.
 */
export class Admission {
  private readonly parts: AdmissionParts;
  private readonly door: AtTheDoor[] = [];
  private readonly entries = new Map<number, Entry>();
  private isOpenForGood = false;
  private writing = 0;
  private whenWritten: (() => void)[] = [];

  constructor(parts: AdmissionParts) {
    this.parts = parts;
  }

  get atTheDoor(): number {
    return this.door.length;
  }

  admit(answer: Answer, place: Place): { readonly entry: Entry; readonly receipt: Receipt } {
    const { method, params, instead, isUrgent, isOnlyInPlace } = answer;
    const entry = new Entry({
      kind: "answer",
      place,
      enqueuedMs: this.parts.nowMs(),
      compose: () => ({ method, params }),
      ...(instead === undefined ? {} : { instead }),
      ...(isUrgent === true ? { isUrgent } : {}),
      ...(isOnlyInPlace === true ? { isOnlyInPlace } : {}),
    });
    this.parts.register(entry);
    const accepted = new Promise<"accepted">((resolve) => {
      this.door.push({ answer, entry, place, resolve });
    });
    // Who does not wait for it still gets the outcome.
    accepted.catch(() => undefined);
    this.openDoor();
    return { entry, receipt: { accepted, outcome: outcomeOf(entry) } };
  }

  /** An answer of an earlier life, with what is known about it. */
  readmit(entry: Entry, seq: number): void {
    entry.seq = seq;
    this.remember(entry, seq);
    this.parts.register(entry);
    this.parts.queue.add(entry);
  }

  /** From now on everybody comes in, whether there is room or not: what is written down waits for the next start. */
  openForGood(): void {
    this.isOpenForGood = true;
    this.openDoor();
  }

  /** Lets in what there is room for. */
  openDoor(): void {
    const blocked = new Set<string>();
    for (const waiting of this.door.slice()) {
      // Its group may have moved while it waited; those that came later go there already.
      const place = this.parts.whereIs(waiting.place);
      const key = placeKey(place);
      if (blocked.has(key) || !this.hasRoom(place)) {
        blocked.add(key);
        continue;
      }
      this.door.splice(this.door.indexOf(waiting), 1);
      waiting.entry.place = place;
      waiting.resolve(this.enter(waiting));
    }
  }

  /** Takes an answer back that has not left. */
  cancel(entry: Entry): void {
    const at = this.door.findIndex((waiting) => waiting.entry === entry);
    const [waiting] = at === -1 ? [] : this.door.splice(at, 1);
    if (waiting === undefined && !this.parts.queue.remove(entry)) return;
    if (entry.seq !== undefined) this.parts.journal.failed(entry.seq, "cancelled");
    entry.end({ state: "dropped", reason: "cancelled" });
    waiting?.resolve(Promise.reject(new OperationError("The answer was taken back.")));
    this.parts.wake();
  }

  /** Resolves when nothing is on its way to the disk. */
  async settled(): Promise<void> {
    while (this.writing > 0) {
      await new Promise<void>((resolve) => {
        this.whenWritten.push(resolve);
      });
    }
  }

  private hasRoom(place: Place): boolean {
    return this.isOpenForGood || this.parts.queue.hasRoomForAnswer(place);
  }

  private async enter(waiting: AtTheDoor): Promise<"accepted"> {
    const { answer, entry } = waiting;
    const { queue, wake } = this.parts;
    queue.add(entry);
    if (![answer, ...(answer.instead ?? [])].every(({ params }) => isStorable(params))) {
      this.parts.registerUnwritten(entry, answer);
      wake();
      return "accepted";
    }
    entry.isHeld = true;
    this.writing += 1;
    try {
      await this.writeDown(waiting);
      return "accepted";
    } catch (error) {
      queue.remove(entry);
      entry.end({ state: "failed", reason: "It could not be written down.", error });
      throw error;
    } finally {
      entry.isHeld = false;
      this.writing -= 1;
      for (const tell of this.whenWritten.splice(0)) tell();
      wake();
    }
  }

  private async writeDown(waiting: AtTheDoor): Promise<void> {
    const { journal, queue } = this.parts;
    const { answer, entry } = waiting;
    const acceptance = await journal.accept(answer, answer.answerId);
    if (acceptance.state === "new") {
      // Taken back while it was written.
      if (entry.hasEnded) journal.failed(acceptance.seq, "cancelled");
      else {
        if (acceptance.mayHaveArrived && !isRepeatable(answer.method)) {
          entry.facts = { ...entry.facts, mark: "connection" };
        }
        entry.seq = acceptance.seq;
        this.remember(entry, acceptance.seq);
      }
      return;
    }
    if (acceptance.state === "sent") {
      queue.remove(entry);
      entry.end({ state: "sent", result: undefined, messageIds: acceptance.messageIds });
      return;
    }
    const first = this.entries.get(acceptance.seq);
    if (first === undefined && !journal.isWaiting(answer.answerId, acceptance.seq)) {
      // The first was taken back while both were written; nobody else sends it.
      if (!entry.hasEnded) await this.writeDown(waiting);
      return;
    }
    queue.remove(entry);
    if (first === undefined) entry.end({ state: "kept" });
    else this.waitWith(first, waiting);
  }

  /** Ends as the first one under its id does; where that one is taken back, this one is admitted in its own right. */
  private waitWith(first: Entry, waiting: AtTheDoor): void {
    const { answer, entry } = waiting;
    first.onEnd((outcome) => {
      const isTakenBack = outcome.state === "dropped" && outcome.reason === "cancelled";
      if (isTakenBack && !entry.hasEnded && answer.signal?.aborted !== true) {
        // It was accepted long ago: what becomes of it now is told by its outcome.
        this.enter(waiting).catch(() => undefined);
      } else entry.end(outcome.state === "sent" ? this.wholeOf(answer, outcome) : outcome);
    });
  }

  /** After a restart the first one may be no more than the last part of the answer. */
  private wholeOf({ answerId }: Answer, last: Extract<Outcome, { state: "sent" }>): Outcome {
    const messageIds = this.parts.journal.sentAs(answerId);
    if (messageIds !== undefined) return { ...last, messageIds };
    const reason = "A part of it could not be delivered.";
    return { state: "failed", reason, error: new OperationError(reason) };
  }

  private remember(entry: Entry, seq: number): void {
    this.entries.set(seq, entry);
    entry.onEnd(() => {
      this.entries.delete(seq);
    });
  }
}
