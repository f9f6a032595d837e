import { type BackoffPolicy, backoffMs } from "../../shared/backoff.ts";
import { exitCode } from "../../shared/exit-code.ts";

/** When a bot that ended is started again, and how long anything about it may take. All numbers in milliseconds. */
export interface RestartPolicy {
  /** Waits between restarts without a stable run between them; the first restart has no wait. */
  readonly backoff: BackoffPolicy;
  /** So long `ready` is a stable run: the next restart is at once again, and an open breaker closes. */
  readonly stableAfterMs: number;
  readonly crashWindowMs: number;
  /** So many crashes the window may hold; one more, and the bot is given up. Stable runs do not empty the window. */
  readonly maxCrashesInWindow: number;
  /** Pause before the first single try of a bot given up; doubled with every failed try, up to the cap. */
  readonly halfOpenBaseMs: number;
  readonly halfOpenCapMs: number;
  /** Bounds of the growing wait after "the lock is held" (exit code 75). */
  readonly lockRetryMinMs: number;
  readonly lockRetryMaxMs: number;
  /** Until `ready`, or a report of what keeps the bot from it (no network, lock held, ...), is there. */
  readonly startTimeoutMs: number;
  /** A bot that was silent so long is asked for a sign of life. */
  readonly pingIntervalMs: number;
  /** Without a sign of life for so long after the question its event loop hangs. */
  readonly hungAfterMs: number;
  /** Stop deadline of a bot that has not yet declared its own: it has nothing running that takes longer. */
  readonly defaultStopDeadlineMs: number;
  /** What a bot gets on top of its stop deadline before everything of it is killed. */
  readonly killMarginMs: number;
}

/**
 * A bot that crashes at its start reaches given_up after 11 crashes, which takes about 2 minutes of waits; one that
 * crashes every minute reaches it too. 5-60 s and the 5 s stop deadline are the design's; the others are ours.
 */
export const defaultRestartPolicy: RestartPolicy = {
  backoff: { baseMs: 500, capMs: 60_000 },
  stableAfterMs: 60_000,
  crashWindowMs: 15 * 60_000,
  maxCrashesInWindow: 10,
  halfOpenBaseMs: 10 * 60_000,
  halfOpenCapMs: 2 * 60 * 60_000,
  lockRetryMinMs: 5_000,
  lockRetryMaxMs: 60_000,
  startTimeoutMs: 30_000,
  pingIntervalMs: 10_000,
  hungAfterMs: 30_000,
  defaultStopDeadlineMs: 5_000,
  killMarginMs: 2_000,
};

export interface ExitStatus {
  /** null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Its own last words about why, where it had some: one line. */
  readonly said?: string | undefined;
}

/**
 * What an end that nobody asked for means: `again` is no crash but never a hot loop either, `later` waits for
 * somebody else's lock, `refused` will not get better by itself.
 */
export type ExitAnswer = "again" | "crash" | "later" | "refused";

export function answerToExit({ code }: ExitStatus): ExitAnswer {
  if (code === exitCode.clean) return "again";
  if (code === exitCode.lockHeld) return "later";
  if (code === exitCode.tokenRefused || code === exitCode.configuration) return "refused";
  return "crash";
}

export function describeExit({ code, signal, said }: ExitStatus): string {
  if (code === null) return `ended by ${signal ?? "an unknown signal"}`;
  const meaning = exitMeanings.get(code);
  const words = said === undefined ? "" : `: ${said}`;
  return `ended with exit code ${code}${meaning === undefined ? "" : ` (${meaning})`}${words}`;
}

const exitMeanings: ReadonlyMap<number, string> = new Map([
  [exitCode.clean, "nobody asked it to stop"],
  [exitCode.tokenRefused, "Telegram refused the token"],
  [exitCode.lockHeld, "the polling lock is held"],
  [exitCode.configuration, "configuration"],
]);

/** @param quickEnds how many runs in a row ended without having been stable, before this one */
export function restartDelayMs(
  policy: RestartPolicy,
  quickEnds: number,
  random: () => number,
): number {
  return quickEnds === 0 ? 0 : Math.round(backoffMs(policy.backoff, quickEnds - 1, random));
}

/** @param tries how often the lock was found held in a row, before this time */
export function lockRetryDelayMs(
  policy: RestartPolicy,
  tries: number,
  random: () => number,
): number {
  const growing = { baseMs: 2 * policy.lockRetryMinMs, capMs: policy.lockRetryMaxMs };
  return Math.max(policy.lockRetryMinMs, backoffMs(growing, tries, random));
}

/**
 * Between 3/4 and the whole of the doubled pause, so that bots given up for one reason do not come back in step.
 * @param trips 1 for the first pause
 */
export function halfOpenDelayMs(
  policy: RestartPolicy,
  trips: number,
  random: () => number,
): number {
  const pauseMs = Math.min(
    policy.halfOpenCapMs,
    policy.halfOpenBaseMs * 2 ** Math.min(trips - 1, 30),
  );
  return Math.round(pauseMs * (0.75 + 0.25 * random()));
}
