import type { Cancel } from "../../clock.ts";
import type { JournalRecord } from "./journal.ts";

/** Records that are safe on the disk since a moment ago. */
export interface Appended {
  /** Position of the record before them; 0 where there is none. */
  readonly after: number;
  readonly records: readonly JournalRecord[];
}

/**
 * How the writer of a process wakes the readers in the same process, and hands them what it wrote without a way
 * through the disk. A bell without a writer says nothing: then the log is somebody else's to write.
 */
export class AppendBell {
  private readonly listeners = new Set<(appended?: Appended) => void>();
  private newest: number | undefined;
  private writers = 0;

  /** Position of the writer's newest record; undefined where no writer is in this process. */
  get newestSeq(): number | undefined {
    return this.newest;
  }

  /** The owner of the listener calls what it gets back when it stops listening. */
  onRing(listener: (appended?: Appended) => void): Cancel {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** A writer begins. It calls what it gets back at its end. */
  begin(newestSeq: number): Cancel {
    this.writers += 1;
    const writer = this.writers;
    this.newest = newestSeq;
    return () => {
      if (writer !== this.writers) return;
      this.newest = undefined;
      for (const listener of this.listeners) listener();
    };
  }

  ring(appended: Appended): void {
    this.newest = appended.records.at(-1)?.seq ?? this.newest;
    for (const listener of this.listeners) listener(appended);
  }
}
