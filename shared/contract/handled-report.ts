import { z } from "zod";

/**
 * Upper bounds, in milliseconds, of how long updates took from their receipt to the end of their handler. What took longer
 * is in one more bucket.
 */
export const handledBoundsMs: readonly number[] = [
  25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/** What a bot has handled since its process began: counts that only grow. */
export const handledReportSchema = z.object({
  count: z.int(),
  totalMs: z.number(),
  /** How many ended within each bound and not within the one before; the last one is for everything longer. */
  buckets: z.array(z.int()),
});

export type HandledReport = z.infer<typeof handledReportSchema>;
