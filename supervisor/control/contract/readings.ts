import { z } from "zod";

/** One minute of one bot. What is left out was nothing, or is not known. */
const slotSchema = z.object({
  /** When the minute began. Epoch milliseconds, as all instants here. */
  at: z.number(),
  /** Updates that were handled to their end. */
  handled: z.int().optional(),
  /** The same by how long they took from their receipt: one number for each of `boundsMs`, and one for everything longer. */
  buckets: z.array(z.int()).optional(),
  /** Errors by kind. */
  errors: z.record(z.string(), z.int()).optional(),
  /** The most updates that waited at once. */
  waiting: z.int().optional(),
  /** The most that the bot and all that came from it used. */
  memoryBytes: z.number().optional(),
});

export const botSlotsSchema = z.record(z.string(), z.array(slotSchema));

/**
 * What can be read besides the picture: `GET /api/<name>?<query>`. Server, page and scripts read the same table.
 */
export const readings = {
  /** The last hours, minute by minute, oldest first; kept over restarts of the supervisor. */
  series: {
    query: z.strictObject({
      /** Epoch milliseconds: nothing older than the minute of this instant. */
      since: z.coerce.number().optional(),
    }),
    answer: z.object({
      now: z.number(),
      stepMs: z.int(),
      /** So many steps are kept. */
      steps: z.int(),
      boundsMs: z.array(z.number()),
      bots: botSlotsSchema,
    }),
  },
  /** The end of a log on disk, or what came since the place that the last answer named. */
  logs: {
    query: z.strictObject({
      /** A bot's name, or `supervisor`. */
      name: z.string().min(1).max(64),
      after: z
        .string()
        .regex(/^\d+-\d+$/, "not a place that an answer named")
        .optional(),
    }),
    answer: z.object({
      lines: z.array(z.string()),
      /** Give it as `after`. */
      next: z.string(),
      /** Lines before the first one are left out: there are too many, or they are gone. */
      cut: z.boolean(),
    }),
  },
} as const;

export type ReadingName = keyof typeof readings;
export type Query<N extends ReadingName> = z.infer<(typeof readings)[N]["query"]>;
export type Reading<N extends ReadingName> = z.infer<(typeof readings)[N]["answer"]>;
export type BotSlot = z.infer<typeof slotSchema>;

export function isReadingName(name: string): name is ReadingName {
  return Object.hasOwn(readings, name);
}
