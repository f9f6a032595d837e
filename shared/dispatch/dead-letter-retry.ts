import type { Clock } from "../clock.ts";
import { errorMessage } from "../errors.ts";
import type { DeadLetter, DeadLetters } from "../intake/cursor/dead-letters.ts";
import type { Log } from "../logger.ts";
import { partitionOf } from "../telegram/conversation.ts";
import { attempt } from "./attempt.ts";
import { contextOf, describe, type HandlingLimits, type UpdateHandler } from "./handling.ts";
import type { LaneTask } from "./lane-group.ts";

export interface DeadLetterRetryParts {
  readonly deadLetters: DeadLetters;
  readonly handle: UpdateHandler;
  readonly limits: HandlingLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs the handler once more for an update that was given up; the letter stays until that went well. */
export class DeadLetterRetry {
  private readonly parts: DeadLetterRetryParts;
  private readonly running = new Set<number>();

  constructor(parts: DeadLetterRetryParts) {
    this.parts = parts;
  }

  /** Undefined where there is no such letter, or it is being tried already. */
  taskFor(seq: number): LaneTask | undefined {
    const letter = this.parts.deadLetters.list().find((each) => each.seq === seq);
    if (letter === undefined || this.running.has(seq)) return undefined;
    this.running.add(seq);
    const run = async (signal: AbortSignal): Promise<undefined> => {
      await this.tryAgain(letter, signal).finally(() => this.running.delete(seq));
    };
    return { key: letter.key, run };
  }

  private async tryAgain(letter: DeadLetter, signal: AbortSignal): Promise<void> {
    const { deadLetters, clock, handle, limits, log } = this.parts;
    const { seq, updateId, key, receivedAtMs, update } = letter;
    const record = { seq, epoch: 0, updateId, key, receivedAtMs, part: partitionOf(key), update };
    const remove = async (): Promise<void> => {
      await deadLetters.remove(seq);
    };
    const ending = await attempt(
      (own) => handle(record, contextOf(letter.attempts + 1, own, remove)),
      {
        clock,
        signal,
        slowAfterMs: limits.slowAfterMs,
        deadlineMs: limits.deadlineMs,
        onSlow: () => undefined,
      },
    );
    if (ending.kind === "failed" || ending.kind === "stuck") {
      const error = describe(ending.error);
      log.warn("A dead letter failed again and stays in the list.", { update: updateId, error });
      return;
    }
    if (ending.kind === "broken_off") return;
    try {
      await remove();
      log.info("A dead letter was handled after all.", { update: updateId });
    } catch (error) {
      log.error("A dead letter was handled after all but could not be taken off the list.", {
        update: updateId,
        cause: errorMessage(error),
      });
    }
  }
}
