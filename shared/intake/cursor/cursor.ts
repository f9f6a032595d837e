/**
 * How far one bot has handled one update log. A port: on several machines the state behind it is a compare-and-set
 * record. All positions are those of the log.
 *
 * Every record that the bot reads goes through `take` or `skip`, in the order of the log. A taken one is *open* until
 * it is handled (given to the dead letters counts as handled, too).
 */
export interface Cursor {
  /** All records up to here are done with. */
  readonly lowWater: number;
  /** Records that were taken and are not handled. */
  readonly open: number;
  /** The oldest of them. */
  readonly oldestOpen: number | undefined;
  /** False where the record was handled in an earlier life: it is done with. */
  take(seq: number): boolean;
  /** The record is not for this bot. */
  passOver(seq: number): void;
  /** What earlier lives went through with it. */
  past(seq: number): Past;
  /**
   * The handler starts now, unless this rejects. Resolves to the number of the attempt, 1 for the first: more than
   * that means that the update may have been handled before, in part or wholly.
   * @throws the system's error when a repeat cannot be recorded
   */
  begin(seq: number): Promise<number>;
  handled(seq: number): void;
  /** The same, on the disk when it resolves: for what must not come again whatever happens next (stop, restart). */
  markHandledNow(seq: number): Promise<void>;
  /** The attempt failed. */
  failed(seq: number, error: string): void;
  /** The attempt was broken off for a reason that is not the update's: it does not count as failed. */
  released(seq: number): void;
  /** Everything said so far is on the disk when it resolves. */
  save(): Promise<void>;
  close(): Promise<void>;
}

export interface Past {
  /** Attempts that ended in an error, or with the end of the process. */
  readonly failures: number;
  /** How many of these ended with the end of the process: what is high here may be what ends it. */
  readonly crashes: number;
  readonly lastError: string | undefined;
}
