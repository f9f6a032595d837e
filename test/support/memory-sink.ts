import type { UpdateSink } from "../../shared/intake/update-sink.ts";
import type { Update } from "../../shared/telegram/bot-api.ts";

/** A place for updates without a disk: takes everything at once. */
export class MemorySink implements UpdateSink {
  private readonly onUpdate: (update: Update) => void;
  private next: number | undefined;

  constructor(onUpdate: (update: Update) => void) {
    this.onUpdate = onUpdate;
  }

  nextOffset(): number | undefined {
    return this.next;
  }

  async append(updates: readonly Update[]): Promise<void> {
    for (const update of updates) {
      this.onUpdate(update);
      this.next = Math.max(this.next ?? 0, update.update_id + 1);
    }
  }
}
