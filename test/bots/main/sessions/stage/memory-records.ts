import type { RecordFiles } from "../../../../../bots/main/sessions/record/record-files.ts";
import type { SessionRecord } from "../../../../../bots/main/sessions/record/session-record.ts";

export class MemoryRecords implements RecordFiles {
  readonly records = new Map<string, SessionRecord>();
  trouble: Error | undefined;

  constructor(earlier?: MemoryRecords) {
    for (const [id, record] of earlier?.records ?? []) this.records.set(id, record);
  }

  async readAll(): Promise<readonly SessionRecord[]> {
    return [...this.records.values()];
  }

  async write(record: SessionRecord): Promise<void> {
    await Promise.resolve();
    if (this.trouble !== undefined) throw this.trouble;
    this.records.set(record.id, record);
  }
}
