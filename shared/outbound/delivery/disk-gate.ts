import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import type { Entry } from "../queue/entry.ts";
import { isRepeatable } from "./method-kind.ts";

export interface DiskGateParts {
  readonly journal: AnswerJournal;
  readonly clock: Clock;
  readonly log: Log;
}

/** `late`: written down, but out of its turn: others had theirs since, or it was none. */
export type Passage = "written" | "late" | "refused";

/** How soon a disk that refused is asked again. */
const retryMs = 1_000;
/** A disk that takes longer than this to write a line does not keep up. */
const slowMs = 250;

/**
 * Every attempt of an answer is written down before it leaves: one that nobody knows of could be repeated without a
 * mark. While the disk refuses, or does not answer, one at a time asks it; all others wait in the queue.
 */
export class DiskGate {
  private readonly parts: DiskGateParts;
  /** Those being written, with the instant when that began; oldest first. */
  private readonly writing = new Map<Entry, number>();
  private refusal: string | undefined;
  private askAgainMs = Number.NEGATIVE_INFINITY;

  constructor(parts: DiskGateParts) {
    this.parts = parts;
  }

  /** Why answers cannot leave although Telegram could be reached; undefined when all is well. */
  get trouble(): string | undefined {
    return this.refusal;
  }

  /** How many are being written. */
  get waiting(): number {
    return this.writing.size;
  }

  /** Whether an attempt of this item has to be written down. */
  concerns({ seq, start }: Entry): boolean {
    return seq !== undefined && !isRepeatable(start.compose()?.method ?? "");
  }

  /** Milliseconds until one more may try; infinite while that depends on those that are being written. */
  readyInMs(nowMs: number): number {
    const [oldestMs] = this.writing.values();
    if (oldestMs === undefined) return Math.max(0, this.askAgainMs - nowMs);
    const isStuck = this.refusal !== undefined || nowMs - oldestMs >= slowMs;
    return isStuck ? Number.POSITIVE_INFINITY : 0;
  }

  /** Whether an attempt of this item would first of all find out if the disk works again. */
  isAsked(entry: Entry): boolean {
    return this.refusal !== undefined && this.concerns(entry);
  }

  /** Never rejects. What was refused has not begun. */
  async pass(entry: Entry): Promise<Passage> {
    if (entry.seq === undefined) return "written";
    const { journal, clock, log } = this.parts;
    const sinceMs = clock.monotonic();
    const isAsked = this.refusal !== undefined;
    this.writing.set(entry, sinceMs);
    try {
      await journal.sending(entry.seq);
    } catch (error) {
      this.refused(error);
      return "refused";
    } finally {
      this.writing.delete(entry);
    }
    if (this.refusal !== undefined) log.info("Answers go out again.");
    this.refusal = undefined;
    return isAsked || clock.monotonic() - sinceMs >= slowMs ? "late" : "written";
  }

  /** The disk did not take what had to be written before an answer can go on. */
  refused(error: unknown): void {
    const { clock, log } = this.parts;
    const trouble = errorMessage(error);
    if (this.refusal === undefined) log.error("Answers wait.", { trouble });
    this.refusal = trouble;
    this.askAgainMs = clock.monotonic() + retryMs;
  }
}
