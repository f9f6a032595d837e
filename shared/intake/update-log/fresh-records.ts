import type { Appended } from "./append-bell.ts";
import type { JournalRecord } from "./journal.ts";

/** A reader that does not keep up goes back to the disk: what waits for it in memory is bounded. */
const mostWaiting = 1_000;

/** What the writer of this process handed over and its reader has not taken yet: an unbroken run of records. */
export class FreshRecords {
  private waiting: JournalRecord[] = [];
  private after = 0;

  add({ after, records }: Appended): void {
    const follows = this.waiting.at(-1)?.seq === after;
    if (!follows || this.waiting.length + records.length > mostWaiting) {
      this.waiting = [];
      this.after = after;
    }
    this.waiting.push(...records);
  }

  /** The records behind a position; none where others stand between, which only the disk has. */
  take(position: number): JournalRecord[] {
    if (this.after > position) return [];
    const taken = this.waiting.filter(({ seq }) => seq > position);
    this.waiting = [];
    return taken;
  }
}
