import type { StopCause } from "../../stop-switch.ts";

/** How long the stages of an ordered stop may take, in milliseconds. */
export interface StopBudgets {
  /** What runs in the lanes may end. */
  readonly lanesMs: number;
  /** The bot's own processes; 0 for a bot that has none. */
  readonly drainMs: number;
  readonly outboxMs: number;
}

/** Design section 7: without a supervisor nobody else cleans up, so everything ends within 5 s. */
const orphanStopDeadlineMs = 4_500;
/** Design section 7: of main's 15 s lanes and outbox have 3 s each, agents 5 + 1 s, or 2 s without a supervisor. */
const longestStageMs = 3_000;
const longestDrainMs = 6_000;
const longestOrphanDrainMs = 2_000;

/** The whole stop, after which the process ends however far it is. */
export function stopLimitMs(stopDeadlineMs: number, cause: StopCause | undefined): number {
  return cause === "supervisor_lost"
    ? Math.min(orphanStopDeadlineMs, stopDeadlineMs)
    : stopDeadlineMs;
}

/** A bot with less time gives each stage its part of it; something is left for intake, files and lock. */
export function stopBudgets(
  stopDeadlineMs: number,
  cause: StopCause | undefined,
  drains: boolean,
): StopBudgets {
  const limitMs = stopLimitMs(stopDeadlineMs, cause);
  const stageMs = Math.min(longestStageMs, limitMs / (drains ? 5 : 3));
  const longestMs = cause === "supervisor_lost" ? longestOrphanDrainMs : longestDrainMs;
  const drainMs = drains ? Math.min(longestMs, Math.floor((limitMs * 4) / 9)) : 0;
  return { lanesMs: stageMs, drainMs, outboxMs: stageMs };
}
