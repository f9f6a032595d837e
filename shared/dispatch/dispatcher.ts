import type { Clock } from "../clock.ts";
import type { Cursor } from "../intake/cursor/cursor.ts";
import type { DeadLetter, DeadLetters } from "../intake/cursor/dead-letters.ts";
import type { JournalRecord, UpdateLogReader } from "../intake/update-log/journal.ts";
import type { Log } from "../logger.ts";
import { DeadLetterRetry } from "./dead-letter-retry.ts";
import {
  describe,
  Handling,
  type HandlingLimits,
  type UpdateHandler,
  usualHandlingLimits,
} from "./handling.ts";
import { type LaneLimits, Lanes, usualLaneLimits } from "./lanes.ts";
import { SoloGate } from "./solo-gate.ts";

export interface DispatcherOptions {
  readonly reader: UpdateLogReader;
  readonly cursor: Cursor;
  readonly deadLetters: DeadLetters;
  /** Whether a record is for this bot (on a shared token not all are). */
  readonly wants: (record: JournalRecord) => boolean;
  /** Button presses, and commands that must not wait behind the messages of their conversation. */
  readonly isUrgent: (record: JournalRecord) => boolean;
  readonly handle: UpdateHandler;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly laneLimits?: LaneLimits;
  readonly handlingLimits?: HandlingLimits;
}

export interface DispatchStatus {
  /** Records of the log that are not handled, other bots' unread ones included. */
  readonly depth: number;
  /** In lanes: queued, running or waiting to run again. */
  readonly held: number;
  readonly running: number;
  /** When the oldest update that is not handled was received, in epoch milliseconds. */
  readonly oldestUnhandledAtMs: number | undefined;
  readonly deadLetters: number;
}

/** Leads the records of one log, from the bot's cursor on, through lanes to its handler. */
export class Dispatcher {
  private readonly options: DispatcherOptions;
  private readonly lanes: Lanes;
  private readonly handling: Handling;
  private readonly letterRetry: DeadLetterRetry;
  private readonly handedOut = new Map<number, JournalRecord>();
  private lastRead: number;

  constructor(options: DispatcherOptions) {
    const { cursor, deadLetters, handle, clock, log, random } = options;
    const limits = options.handlingLimits ?? usualHandlingLimits;
    this.options = options;
    this.lanes = new Lanes(clock, options.laneLimits ?? usualLaneLimits);
    const solo = new SoloGate();
    this.handling = new Handling({ cursor, deadLetters, handle, limits, solo, clock, log, random });
    this.letterRetry = new DeadLetterRetry({ deadLetters, handle, limits, clock, log });
    this.lastRead = cursor.lowWater;
  }

  /** Reads and hands out until the signal aborts; then it resolves, and `drain` ends what runs. */
  async run(signal: AbortSignal): Promise<void> {
    const { reader, cursor } = this.options;
    for await (const record of reader.follow(cursor.lowWater, signal)) {
      this.lastRead = record.seq;
      if (!this.asks("wants", record, true)) {
        cursor.passOver(record.seq);
        continue;
      }
      if (!cursor.take(record.seq)) continue;
      await this.lanes.ready(signal);
      if (signal.aborted) return;
      this.handOut(record);
    }
  }

  /** @returns how many updates are left for the next start */
  async drain(deadlineMs: number): Promise<number> {
    const { cursor, log } = this.options;
    this.handling.stop();
    await this.lanes.drain(deadlineMs);
    try {
      await cursor.save();
    } catch (error) {
      log.error("What was handled could not be saved; some of it comes again at the next start.", {
        cause: describe(error),
      });
    }
    return cursor.open;
  }

  /** Reads the unread part of the log: not for every second. */
  async status(): Promise<DispatchStatus> {
    const { cursor, reader, deadLetters } = this.options;
    const unread = await reader.countAfter(this.lastRead);
    const oldest = cursor.oldestOpen;
    return {
      depth: cursor.open + unread,
      held: this.lanes.held,
      running: this.lanes.running,
      oldestUnhandledAtMs:
        oldest === undefined ? undefined : this.handedOut.get(oldest)?.receivedAtMs,
      deadLetters: deadLetters.list().length,
    };
  }

  /** What waits in lanes, runs, or waits to run again; as it was received, the oldest first. */
  get unhandled(): readonly JournalRecord[] {
    return [...this.handedOut.values()];
  }

  deadLetters(): readonly DeadLetter[] {
    return this.options.deadLetters.list();
  }

  /** Tries a dead letter once more; it leaves the list when that went well. False where there is none, or it runs. */
  retryDeadLetter(seq: number): boolean {
    const task = this.letterRetry.taskFor(seq);
    if (task === undefined) return false;
    this.lanes.put(task, "ordinary");
    return true;
  }

  /** False where there is none. @throws the system's error */
  dropDeadLetter(seq: number): Promise<boolean> {
    return this.options.deadLetters.remove(seq);
  }

  private handOut(record: JournalRecord): void {
    this.handedOut.set(record.seq, record);
    const urgency = this.asks("isUrgent", record, false) ? "urgent" : "ordinary";
    const run = async (signal: AbortSignal): Promise<number | undefined> => {
      const againInMs = await this.handling.run(record, signal);
      if (againInMs === undefined && !signal.aborted) this.handedOut.delete(record.seq);
      return againInMs;
    };
    this.lanes.put({ key: record.key, run }, urgency);
  }

  /** A question that fails over an odd update must not end the reading; its handler will fail, and be counted. */
  private asks(question: "wants" | "isUrgent", record: JournalRecord, otherwise: boolean): boolean {
    try {
      return this.options[question](record);
    } catch (error) {
      this.options.log.warn("It could not be told what to do with an update.", {
        question,
        update: record.updateId,
        error: describe(error),
      });
      return otherwise;
    }
  }
}
