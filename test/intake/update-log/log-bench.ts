import type { AppendBell } from "../../../shared/intake/update-log/append-bell.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import { LogReader } from "../../../shared/intake/update-log/log-reader.ts";
import type { LogWriter } from "../../../shared/intake/update-log/log-writer.ts";
import { openLogWriter } from "../../../shared/intake/update-log/open-log.ts";
import type { Update } from "../../../shared/telegram/bot-api.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { message } from "../updates.ts";
import { MemoryStorage } from "./memory-storage.ts";

export const botId = 42;
export const never = new AbortController().signal;

/** A log in memory with its writer's epoch, clock and log lines, opened as often as the test likes. */
export class LogBench {
  readonly storage: MemoryStorage;
  readonly clock = new ManualClock();
  readonly log = recordingLog();
  /** The newest that was given out. */
  epoch = 0;
  readonly bell: AppendBell | undefined;

  constructor(options: { storage?: MemoryStorage; bell?: AppendBell } = {}) {
    this.storage = options.storage ?? new MemoryStorage();
    this.bell = options.bell;
  }

  /** A new tenure. */
  open(limits = { bytes: 100_000, records: 1_000 }): Promise<LogWriter> {
    this.epoch += 1;
    return openLogWriter({
      dir: "/memory",
      botId,
      epoch: this.epoch,
      currentEpoch: () => this.epoch,
      clock: this.clock,
      log: this.log,
      storage: this.storage,
      limits,
      ...(this.bell === undefined ? {} : { bell: this.bell }),
    });
  }

  reader(): LogReader {
    const { clock, log, storage, bell } = this;
    return new LogReader({
      dir: "/memory",
      clock,
      log,
      storage,
      watch: () => Promise.resolve(() => undefined),
      ...(bell === undefined ? {} : { bell }),
    });
  }

  async records(after = 0): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for await (const record of this.reader().readFrom(after)) records.push(record);
    return records;
  }

  async ids(after = 0): Promise<number[]> {
    return (await this.records(after)).map(({ updateId }) => updateId);
  }
}

/** Messages with these ids, each in a chat of its own out of seven. */
export function messages(from: number, to: number): Update[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    message(from + index, 1 + ((from + index) % 7)),
  );
}

export function range(from: number, to: number): number[] {
  return messages(from, to).map(({ update_id: id }) => id);
}
