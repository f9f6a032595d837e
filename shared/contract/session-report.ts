import { z } from "zod";

const sessionSchema = z.object({
  id: z.string(),
  /** As its user named it. */
  name: z.string(),
  conversation: z.object({ chatId: z.int(), topicId: z.int().exactOptional() }),
  agent: z.string(),
  /** Undefined: the agent's own choice. */
  model: z.string().exactOptional(),
  /** `created`, `active` (a turn runs), `idle`, `suspended` (its agent ended; it goes on with its history). */
  status: z.string(),
  /** Of the agent's process, while one lives. */
  pid: z.int().exactOptional(),
  /** Messages that wait for their turn. */
  waiting: z.int(),
  /** Last message, answer or order. Epoch milliseconds. */
  lastActiveAt: z.number(),
  turns: z.int(),
  costUsd: z.number(),
});

/** The sessions of a bot that runs agents, archived ones left out. Says nothing of what people wrote. */
export const sessionsReportSchema = z.object({
  count: z.int(),
  /** The one used last first; there may be more. */
  newest: z.array(sessionSchema),
});

export type SessionReport = z.infer<typeof sessionSchema>;
export type SessionsReport = z.infer<typeof sessionsReportSchema>;
