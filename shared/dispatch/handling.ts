import { type BackoffPolicy, backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { errorMessage } from "../errors.ts";
import type { Cursor, Past } from "../intake/cursor/cursor.ts";
import type { DeadLetters } from "../intake/cursor/dead-letters.ts";
import type { JournalRecord } from "../intake/update-log/journal.ts";
import type { Log } from "../logger.ts";
import { redact } from "../redact.ts";
import { attempt, type Ending } from "./attempt.ts";
import type { SoloGate } from "./solo-gate.ts";

/** What a handler gets beside its update. */
export interface HandlingContext {
  /** 1 for the first. More: the update may have been handled before, in part or wholly. */
  readonly attempt: number;
  /** Aborts when the handler is given up, and when the bot stops. */
  readonly signal: AbortSignal;
  /** Records the update as handled, on the disk when it resolves: before something that ends this process. */
  handledNow(): Promise<void>;
}

export type UpdateHandler = (
  record: JournalRecord,
  context: HandlingContext,
) => void | Promise<void>;

export interface HandlingLimits {
  /** So many failures, and the update goes to the dead letters. */
  readonly attempts: number;
  readonly retry: BackoffPolicy;
  /** A handler that runs longer is reported. */
  readonly slowAfterMs: number;
  /**
   * A handler that runs longer is given up: its update goes to the dead letters at once, because a second run
   * beside the first might do everything twice.
   */
  readonly deadlineMs: number;
}

export const usualHandlingLimits: HandlingLimits = {
  attempts: 5,
  retry: { baseMs: 500, capMs: 10_000 },
  slowAfterMs: 30_000,
  deadlineMs: 300_000,
};

export interface HandlingParts {
  readonly cursor: Cursor;
  readonly deadLetters: DeadLetters;
  readonly handle: UpdateHandler;
  readonly limits: HandlingLimits;
  readonly solo: SoloGate;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/** While the disk refuses what must be recorded first. */
const storageRetryMs = 2_000;
/** An update that was in hand so often when the process ended may be what ends it. */
const suspectAfterCrashes = 2;

/** Brings updates to one of their ends: handled, or a dead letter; or open still, when the bot stops. */
export class Handling {
  private readonly parts: HandlingParts;
  private isStopping = false;

  constructor(parts: HandlingParts) {
    this.parts = parts;
  }

  /** No attempt begins any more. */
  stop(): void {
    this.isStopping = true;
  }

  /** One attempt. @returns the wait before the next one in milliseconds; undefined: no further one in this life */
  async run(record: JournalRecord, signal: AbortSignal): Promise<number | undefined> {
    const { cursor, limits, solo } = this.parts;
    const past = cursor.past(record.seq);
    if (past.failures >= limits.attempts) return this.bury(record, past);
    if (past.crashes < suspectAfterCrashes) return this.attempt(record, past, signal);
    // One suspect at a time: then only the one that ends the process can reach the limit.
    return solo.pass(() => this.attempt(record, past, signal));
  }

  private async attempt(
    record: JournalRecord,
    past: Past,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { cursor, log } = this.parts;
    if (this.isStopping || signal.aborted) return undefined;
    let number: number;
    try {
      number = await cursor.begin(record.seq);
    } catch (error) {
      cursor.released(record.seq);
      log.warn("A repeat waits until it can be recorded.", {
        update: record.updateId,
        cause: errorMessage(error),
      });
      return storageRetryMs;
    }
    let isMarked = false;
    const ending = await this.handle(record, number, signal, async () => {
      await cursor.markHandledNow(record.seq);
      isMarked = true;
    });
    if (isMarked) {
      if (ending.kind === "failed") this.tellFailure(record, number, ending.error);
      return undefined;
    }
    return this.conclude(record, past, number, ending);
  }

  private handle(
    record: JournalRecord,
    number: number,
    signal: AbortSignal,
    handledNow: () => Promise<void>,
  ): Promise<Ending> {
    const { clock, handle, limits, log } = this.parts;
    return attempt((own) => handle(record, contextOf(number, own, handledNow)), {
      clock,
      signal,
      slowAfterMs: limits.slowAfterMs,
      deadlineMs: limits.deadlineMs,
      onSlow: () => {
        log.warn("A handler is slow; its conversation waits.", {
          update: record.updateId,
          conversation: record.key,
          seconds: limits.slowAfterMs / 1_000,
        });
      },
    });
  }

  private async conclude(
    record: JournalRecord,
    past: Past,
    number: number,
    ending: Ending,
  ): Promise<number | undefined> {
    const { cursor, limits, random } = this.parts;
    if (ending.kind === "handled") {
      cursor.handled(record.seq);
      return undefined;
    }
    if (ending.kind === "broken_off") {
      cursor.released(record.seq);
      return undefined;
    }
    const error = describe(ending.error);
    cursor.failed(record.seq, error);
    const failures = past.failures + 1;
    if (ending.kind === "stuck" || failures >= limits.attempts) {
      return this.bury(record, { ...past, failures, lastError: error });
    }
    this.tellFailure(record, number, ending.error);
    return backoffMs(limits.retry, failures - 1, random);
  }

  private tellFailure(record: JournalRecord, number: number, error: unknown): void {
    const facts = { update: record.updateId, attempt: number, error: describe(error) };
    this.parts.log.warn("A handler failed.", facts);
  }

  /** To the dead letters, and only then handled: between the two it would only come here again. */
  private async bury(record: JournalRecord, past: Past): Promise<number | undefined> {
    const { cursor, deadLetters, clock, log } = this.parts;
    const { seq, updateId, key, receivedAtMs, update } = record;
    const error = past.lastError ?? "the process ended each time while it was being handled";
    const givenUpAtMs = clock.now();
    const attempts = past.failures;
    const letter = { seq, updateId, key, receivedAtMs, givenUpAtMs, attempts, error, update };
    try {
      await deadLetters.add(letter);
    } catch (failure) {
      log.error("An update is to be given up, but the dead-letter list cannot be written.", {
        update: updateId,
        cause: errorMessage(failure),
      });
      return storageRetryMs;
    }
    cursor.handled(seq);
    log.error("An update was given up; it is among the dead letters.", {
      update: updateId,
      conversation: key,
      attempts,
      error,
    });
    return undefined;
  }
}

/** @param ownSignal makes the signal of the attempt when a handler asks for it */
export function contextOf(
  number: number,
  ownSignal: () => AbortSignal,
  handledNow: () => Promise<void>,
): HandlingContext {
  return {
    attempt: number,
    get signal() {
      return ownSignal();
    },
    handledNow,
  };
}

const longestError = 300;

/** For lists and logs: no token, no stack, no novel. */
export function describe(error: unknown): string {
  return redact(errorMessage(error)).slice(0, longestError);
}
