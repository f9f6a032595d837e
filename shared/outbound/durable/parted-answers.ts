import type { AnswerRecord } from "./answer-line.ts";

/** How an answer, or a part of one, ended; no message ids where it failed. */
export interface Ending {
  readonly messageIds: readonly number[] | undefined;
  readonly mayHaveArrived: boolean;
}

interface Parted {
  open: number;
  messageIds: readonly number[];
  isFailed: boolean;
  mayHaveArrived: boolean;
}

/** Answers that go out in parts, by the id of the whole. One is sent when all its parts are. No I/O. */
export class PartedAnswers {
  private readonly wholes = new Map<string, Parted>();

  has(id: string): boolean {
    return (this.wholes.get(id)?.open ?? 0) > 0;
  }

  add(id: string, parts: number): void {
    this.wholeOf(id).open += parts;
  }

  /** @returns how the whole ended; undefined while parts of it are open */
  end(id: string, { messageIds, mayHaveArrived }: Ending): Ending | undefined {
    const whole = this.wholeOf(id);
    whole.open -= 1;
    whole.messageIds = [...whole.messageIds, ...(messageIds ?? [])];
    whole.isFailed ||= messageIds === undefined;
    // For who reads the whole: something of it was there, or may have been.
    whole.mayHaveArrived ||= messageIds !== undefined || mayHaveArrived;
    if (whole.open > 0) return undefined;
    this.wholes.delete(id);
    return {
      messageIds: whole.isFailed ? undefined : whole.messageIds,
      mayHaveArrived: whole.mayHaveArrived,
    };
  }

  restore({ id, messageIds, isFailed, mayHaveArrived }: PartedRecord): void {
    Object.assign(this.wholeOf(id), { messageIds, isFailed, mayHaveArrived });
  }

  *records(): Generator<PartedRecord> {
    for (const [id, { open, messageIds, isFailed, mayHaveArrived }] of this.wholes) {
      if (open > 0) yield { t: "parted", id, messageIds, isFailed, mayHaveArrived };
    }
  }

  private wholeOf(id: string): Parted {
    let whole = this.wholes.get(id);
    if (whole === undefined) {
      whole = { open: 0, messageIds: [], isFailed: false, mayHaveArrived: false };
      this.wholes.set(id, whole);
    }
    return whole;
  }
}

type PartedRecord = Extract<AnswerRecord, { t: "parted" }>;
