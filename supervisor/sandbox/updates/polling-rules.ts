/** The rules of getUpdates that depend on time alone; monotonic milliseconds come from outside. */

export interface PollQuery {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
}

const maxLimit = 100;
const maxTimeoutSeconds = 50;
const quickRepeatMs = 3000;
const hastyRepeatMs = 500;
const minTimeoutOfQuickRepeatSeconds = 3;
const conflictPauseMs = 3000;

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/**
 * Limit 1..100, timeout 0..50. The offset of the call before, again within 3 s: the timeout is raised to 3 s (also
 * from 0: such a call parks); again within 0.5 s: one update at most.
 */
export class PollingRules {
  private previousOffset: number | undefined;
  private previousStartMs = Number.NEGATIVE_INFINITY;

  adjust(query: PollQuery, nowMs: number): PollQuery {
    const sinceMs =
      query.offset === this.previousOffset
        ? nowMs - this.previousStartMs
        : Number.POSITIVE_INFINITY;
    this.previousOffset = query.offset;
    this.previousStartMs = nowMs;
    const timeoutSeconds = clamp(query.timeoutSeconds, 0, maxTimeoutSeconds);
    return {
      offset: query.offset,
      limit: sinceMs < hastyRepeatMs ? 1 : clamp(query.limit, 1, maxLimit),
      timeoutSeconds:
        sinceMs < quickRepeatMs
          ? Math.max(timeoutSeconds, minTimeoutOfQuickRepeatSeconds)
          : timeoutSeconds,
    };
  }
}

/** The first 409 is immediate and opens a window of 3 s; every further one inside a window is answered 3 s late. */
export class ConflictThrottle {
  private windowEndsMs = Number.NEGATIVE_INFINITY;

  delayMs(nowMs: number): number {
    if (nowMs < this.windowEndsMs) return conflictPauseMs;
    this.windowEndsMs = nowMs + conflictPauseMs;
    return 0;
  }
}
