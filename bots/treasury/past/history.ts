import { z } from "zod";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../shared/storage/json-file.ts";
import { type Sample, sampleSchema, thinned } from "./sample.ts";

const historySchema = z.object({ version: z.literal(1), samples: z.array(sampleSchema) });

export interface HistoryOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the treasury was worth, oldest first; bounded, and on the disk. */
export class History {
  private readonly options: HistoryOptions;
  private kept: readonly Sample[];

  private constructor(options: HistoryOptions, samples: readonly Sample[]) {
    this.options = options;
    this.kept = samples;
  }

  /** A file that cannot be read is set aside, and history begins anew. */
  static async open(options: HistoryOptions): Promise<History> {
    const { path, log, clock } = options;
    // The file's amounts are digits; the schema makes numbers of them.
    const schema: z.ZodType<z.output<typeof historySchema>> = historySchema;
    const file = await readJsonFile(path, schema, log, clock);
    return new History(options, file?.samples ?? []);
  }

  get samples(): readonly Sample[] {
    return this.kept;
  }

  /** On the disk when it resolves. @throws the system's error; then nothing was added */
  async add(...samples: readonly Sample[]): Promise<void> {
    const sorted = [...this.kept, ...samples].toSorted((a, b) => a.atMs - b.atMs);
    const kept = thinned(sorted, this.options.clock.now());
    const text = JSON.stringify({ version: 1, samples: kept }, (_, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    await writeFileAtomic(this.options.path, `${text}\n`);
    this.kept = kept;
  }
}
