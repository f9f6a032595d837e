import { z } from "zod";

/** One minute of one bot. What is left out was nothing, or is not known. */
const minuteSchema = z.object({
  /** When it began. Epoch milliseconds, as all instants here. */
  at: z.number(),
  /** Updates that were handled to their end. */
  handled: z.int().optional(),
  /** How many of them took how long from their receipt: [at most so many seconds, count]; null: longer than all bounds. */
  took: z.array(z.tuple([z.number().nullable(), z.int()])).optional(),
  /** By kind. */
  errors: z.record(z.string(), z.int()).optional(),
  /** The most updates that waited at once. */
  waiting: z.int().optional(),
  /** The most that the bot and all that came from it used. */
  memoryBytes: z.number().optional(),
});

/** By bot, oldest minute first. */
export const minutesSchema = z.record(z.string(), z.array(minuteSchema));

export const historySchema = z.object({
  now: z.number(),
  everyMs: z.int(),
  /** So many minutes are kept. */
  kept: z.int(),
  bots: minutesSchema,
});

export type Minute = z.infer<typeof minuteSchema>;
export type History = z.infer<typeof historySchema>;
