import { z } from "zod";

/**
 * How a supervisor (or doctor) looks at a bot that is not to be started: the bot's own program, run with one of these
 * behind its name. Exit code 78 and the reason on standard error: it could not start so.
 */
export const botCheckFlags = {
  /** Settings and options only. */
  check: "--check",
  /** Also what the bot needs of this machine; standard output then has the findings as JSON. */
  examine: "--examine",
} as const;

export type BotCheck = keyof typeof botCheckFlags;

export const botFindingsSchema = z.array(
  z.object({ level: z.enum(["ok", "warn", "fail"]), text: z.string() }),
);

/** One thing that a bot needs of its machine, in one or two plain sentences. */
export type BotFinding = z.infer<typeof botFindingsSchema>[number];
