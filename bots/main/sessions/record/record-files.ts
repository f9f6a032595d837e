import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../../shared/clock.ts";
import type { Log } from "../../../../shared/logger.ts";
import { writeFileAtomic } from "../../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../../shared/storage/json-file.ts";
import { type SessionRecord, sessionIdPattern, sessionRecordSchema } from "./session-record.ts";

/** Where the records of sessions are kept; a port, so that tests can do without a disk. */
export interface RecordFiles {
  /** All that can be read; a broken one is set aside and logged. @throws the system's error */
  readAll(): Promise<readonly SessionRecord[]>;
  /** Replaces the record as a whole, safely. @throws the system's error */
  write(record: SessionRecord): Promise<void>;
}

/** `<root>/<id>/session.json` */
export class DiskRecordFiles implements RecordFiles {
  private readonly root: string;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(root: string, clock: Clock, log: Log) {
    this.root = root;
    this.clock = clock;
    this.log = log;
  }

  async readAll(): Promise<readonly SessionRecord[]> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.root, { withFileTypes: true });
    const records: SessionRecord[] = [];
    for (const entry of entries) {
      if (!entry.isDirectory() || !sessionIdPattern.test(entry.name)) continue;
      const path = this.pathOf(entry.name);
      const record = await readJsonFile(path, sessionRecordSchema, this.log, this.clock);
      if (record === undefined) continue;
      if (record.id === entry.name) records.push(record);
      else
        this.log.error("A session's record is in a folder of another id; it is left out.", {
          path,
        });
    }
    return records;
  }

  write(record: SessionRecord): Promise<void> {
    return writeFileAtomic(this.pathOf(record.id), `${JSON.stringify(record, undefined, 2)}\n`);
  }

  private pathOf(id: string): string {
    return join(this.root, id, "session.json");
  }
}
