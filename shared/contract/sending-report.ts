import { z } from "zod";

/** What a bot still has to send. Says nothing of what is in it. */
export const sendingReportSchema = z.object({
  /** Answers that wait to be sent. */
  waitingAnswers: z.int(),
  /** When the oldest of them was accepted, epoch milliseconds. */
  oldestSince: z.number().nullable(),
  /** Until when Telegram wants the longest of its silences, epoch milliseconds. */
  floodUntil: z.number().nullable(),
  /** What it would send per second if it could. */
  demandPerSecond: z.number(),
  /** Why answers cannot be written down, while that is so. */
  trouble: z.string().nullable(),
});

export type SendingReport = z.infer<typeof sendingReportSchema>;
