import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import type { RecordFiles } from "./record-files.ts";
import type { SessionRecord } from "./session-record.ts";

const retryMs = 2_000;

/**
 * The records of all sessions. A change counts at once; the file follows, one write a session at a time and the newest
 * state only. A disk that refuses is tried again until it takes it.
 */
export class SessionStore {
  private readonly files: RecordFiles;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly records = new Map<string, SessionRecord>();
  private readonly unwritten = new Set<string>();
  private writing: Promise<void> | undefined;
  private cancelRetry: Cancel | undefined;
  private onChange: () => void = () => undefined;

  private constructor(files: RecordFiles, clock: Clock, log: Log) {
    this.files = files;
    this.clock = clock;
    this.log = log;
  }

  /** @throws the system's error */
  static async open(files: RecordFiles, clock: Clock, log: Log): Promise<SessionStore> {
    const store = new SessionStore(files, clock, log);
    for (const record of await files.readAll()) store.records.set(record.id, record);
    store.settleOwners();
    return store;
  }

  /** @param onChange called after every change, before it is written down */
  watch(onChange: () => void): void {
    this.onChange = onChange;
  }

  all(): readonly SessionRecord[] {
    return [...this.records.values()];
  }

  get(id: string): SessionRecord {
    const record = this.records.get(id);
    if (record === undefined) throw new Error(`no session ${id}`);
    return record;
  }

  /** Written down when it resolves. @throws the system's error; there is then no such session */
  async add(record: SessionRecord): Promise<void> {
    await this.files.write(record);
    this.records.set(record.id, record);
    this.onChange();
  }

  change(id: string, change: Partial<Omit<SessionRecord, "id">>): SessionRecord {
    const record = { ...this.get(id), ...change };
    this.records.set(id, record);
    this.unwritten.add(id);
    this.writing ??= this.writeAll();
    this.onChange();
    return record;
  }

  /** The one session that may use a resume id: two processes on one history would lose turns of it. */
  ownerOf(resumeId: string): string | undefined {
    return this.all().find((record) => record.resumeId === resumeId)?.id;
  }

  /** Resolves when everything is written, or the disk refused. */
  async flush(): Promise<void> {
    if (this.unwritten.size > 0) this.writing ??= this.writeAll();
    await this.writing;
    this.cancelRetry?.();
    this.cancelRetry = undefined;
  }

  private async writeAll(): Promise<void> {
    // What changes in one turn of the event loop is one write.
    await Promise.resolve();
    for (let [id] = this.unwritten; id !== undefined; [id] = this.unwritten) {
      this.unwritten.delete(id);
      try {
        await this.files.write(this.get(id));
      } catch (error) {
        this.unwritten.add(id);
        this.haveTrouble(error);
        break;
      }
    }
    this.writing = undefined;
  }

  private haveTrouble(error: unknown): void {
    this.log.error("A session's record cannot be written; it is tried again.", {
      cause: errorMessage(error),
    });
    this.cancelRetry ??= this.clock.schedule(retryMs, () => {
      this.cancelRetry = undefined;
      this.writing ??= this.writeAll();
    });
  }

  /** A copied folder would make two sessions share a history: the one used last keeps it. */
  private settleOwners(): void {
    const byUse = this.all().toSorted((a, b) => b.lastActiveAtMs - a.lastActiveAtMs);
    const owned = new Set<string>();
    for (const { id, name, resumeId } of byUse) {
      if (resumeId === null) continue;
      if (owned.has(resumeId)) {
        this.log.error("Two sessions have one history; the one used last keeps it.", { id, name });
        this.change(id, { resumeId: null });
      }
      owned.add(resumeId);
    }
  }
}
