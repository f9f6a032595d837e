import { z } from "zod";

const deadLetterSchema = z.object({
  /** Names the letter in the commands that retry or drop it. */
  seq: z.int(),
  updateId: z.int(),
  conversation: z.string(),
  /** Epoch milliseconds. */
  givenUpAt: z.number(),
  attempts: z.int(),
  error: z.string(),
});

/** What a bot handled since its process began. */
const handledSchema = z.object({
  count: z.int(),
  failedAttempts: z.int(),
  /** From received to handled, the sum of all. */
  seconds: z.number(),
  /** How many took at most so many seconds: [seconds, count], both growing. */
  within: z.array(z.tuple([z.number(), z.int()])),
});

export type HandledReport = z.infer<typeof handledSchema>;

/** How far a bot is with the updates of its token. Says nothing of what people wrote. */
export const intakeReportSchema = z.object({
  /** Updates in the log that this bot has not handled. */
  depth: z.int(),
  running: z.int(),
  /** When the oldest of them was received, in epoch milliseconds. */
  oldestUnhandledAt: z.number().nullable(),
  handled: handledSchema.optional(),
  deadLetterCount: z.int(),
  /** The newest of them. */
  deadLetters: z.array(deadLetterSchema),
});

export type IntakeReport = z.infer<typeof intakeReportSchema>;
