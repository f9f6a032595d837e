import { z } from "zod";
import { handledReportSchema } from "./handled-report.ts";

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

/** How far a bot is with the updates of its token. Says nothing of what people wrote. */
export const intakeReportSchema = z.object({
  /** Updates in the log that this bot has not handled. */
  depth: z.int(),
  running: z.int(),
  /** When the oldest of them was received, in epoch milliseconds. */
  oldestUnhandledAt: z.number().nullable(),
  deadLetterCount: z.int(),
  /** The newest of them. */
  deadLetters: z.array(deadLetterSchema),
  handled: handledReportSchema.optional(),
});

export type IntakeReport = z.infer<typeof intakeReportSchema>;
