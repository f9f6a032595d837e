/** How long to wait before a repeat. All numbers in milliseconds. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Exponential backoff with full jitter: a random wait between 0 and min(cap, base * 2^attempt), never
 * under a quarter of it, so that many waiters spread out and none of them spins.
 * @param attempt 0 for the first repeat
 */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling * (0.25 + 0.75 * random()));
}
