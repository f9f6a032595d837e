import { readFile } from "node:fs/promises";
import type { Cancel, Clock } from "../../clock.ts";
import { systemErrorCode } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { writeFileAtomic } from "../../storage/atomic-file.ts";
import { setAside } from "../../storage/set-aside.ts";
import { type ErrorSnapshot, ErrorTally } from "./error-tally.ts";

export interface ErrorCountersOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** At most one write in so long, however many errors come. */
const saveDelayMs = 5_000;

/** Errors per kind over time, kept in a file so that they survive restarts. One owner, who closes it. */
export class ErrorCounters {
  private readonly options: ErrorCountersOptions;
  private readonly tally: ErrorTally;
  private cancelSave: Cancel | undefined;
  private saving: Promise<void> = Promise.resolve();
  private dirty = false;
  private closed = false;
  private saveFails = false;

  private constructor(options: ErrorCountersOptions, tally: ErrorTally) {
    this.options = options;
    this.tally = tally;
  }

  /** Counts on from the file; a broken one is set aside and counting begins anew. Never throws for the file's sake. */
  static async open(options: ErrorCountersOptions): Promise<ErrorCounters> {
    return new ErrorCounters(options, await readTally(options));
  }

  count(kind: string): void {
    const { clock } = this.options;
    this.tally.add(kind, clock.now());
    this.dirty = true;
    if (this.closed) return;
    this.cancelSave ??= clock.schedule(saveDelayMs, () => {
      this.cancelSave = undefined;
      void this.save();
    });
  }

  snapshot(): ErrorSnapshot {
    return this.tally.snapshot(this.options.clock.now());
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelSave?.();
    this.cancelSave = undefined;
    await this.save();
  }

  /** One write after the other. */
  private save(): Promise<void> {
    this.saving = this.saving.then(() => this.write());
    return this.saving;
  }

  /** Never rejects: counters must not take a bot down. What could not be written is tried again with the next save. */
  private async write(): Promise<void> {
    if (!this.dirty) return;
    this.dirty = false;
    const { path, log } = this.options;
    try {
      await writeFileAtomic(path, this.tally.toText());
      this.saveFails = false;
    } catch (error) {
      this.dirty = true;
      if (!this.saveFails) {
        log.warn("the error counters cannot be saved; counting goes on in memory", { path, error });
      }
      this.saveFails = true;
    }
  }
}

async function readTally({ path, clock, log }: ErrorCountersOptions): Promise<ErrorTally> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") {
      log.warn("the error counters cannot be read; counting begins anew", { path, error });
    }
    return ErrorTally.empty(clock.now());
  }
  try {
    return ErrorTally.parse(text);
  } catch {
    try {
      const keptAs = await setAside(path, clock);
      log.warn("the error counters were broken; the file was set aside", { path, keptAs });
    } catch (error) {
      log.warn("the error counters are broken and cannot be set aside", { path, error });
    }
    return ErrorTally.empty(clock.now());
  }
}
