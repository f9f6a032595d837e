import { z } from "zod";
import type { Hash } from "../../../shared/chain/chain.ts";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../shared/storage/json-file.ts";

const memorySchema = z.object({
  version: z.literal(1),
  /** The newest blocks whose transfers were told, oldest first. */
  trail: z
    .array(
      z.object({
        number: z.int(),
        hash: z
          .string()
          .startsWith("0x")
          .transform((text): Hash => `0x${text.slice(2)}`),
      }),
    )
    .readonly(),
  /** By `<wallet>/<asset>`, both as addresses. */
  low: z.record(z.string(), z.object({ isLow: z.boolean() })),
  /** By its key, the block of each transfer that may come again after a reorganisation. */
  seen: z.record(z.string(), z.int()).default({}),
  /** What is to be told of all this, oldest first; empty when it is. */
  untold: z
    .array(z.object({ key: z.string(), text: z.string() }))
    .readonly()
    .default([]),
  /** Local date of the last report that was told, or that was due before this bot first ran. */
  lastReport: z.string().nullable(),
});

export type Remembered = Readonly<Omit<z.output<typeof memorySchema>, "version">>;

const nothing: Remembered = { trail: [], low: {}, seen: {}, untold: [], lastReport: null };

/** What was seen, and what is to be told of it: on the disk before it is told. */
export class WatchMemory {
  private readonly path: string;
  private remembered: Remembered;

  private constructor(path: string, remembered: Remembered) {
    this.path = path;
    this.remembered = remembered;
  }

  /** A file that cannot be read is set aside: then the watch begins anew at the newest block. */
  static async open(path: string, clock: Clock, log: Log): Promise<WatchMemory> {
    const schema: z.ZodType<z.output<typeof memorySchema>> = memorySchema;
    return new WatchMemory(path, (await readJsonFile(path, schema, log, clock)) ?? nothing);
  }

  get now(): Remembered {
    return this.remembered;
  }

  /** @throws the system's error; then all is as it was */
  async change(change: Partial<Remembered>): Promise<void> {
    const { trail, low, seen, untold, lastReport } = { ...this.remembered, ...change };
    const remembered = { lastReport, low, untold, seen, trail };
    await writeFileAtomic(this.path, `${JSON.stringify({ version: 1, ...remembered })}\n`);
    this.remembered = remembered;
  }
}
