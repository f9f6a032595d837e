import type { BackoffPolicy } from "../../backoff.ts";

/** Every number of the polling policy. Tests shorten them; the program uses {@link pollLimits}. */
export interface PollLimits {
  /** Waits after a conflict with another poller. */
  readonly conflict: BackoffPolicy;
  /** So many conflicts within the window, and the bot's state is `conflict`. */
  readonly lastingConflicts: number;
  readonly conflictWindowMs: number;
  /** So long without a conflict, and a completed poll ends the story. */
  readonly conflictClearMs: number;
  /** How often a webhook that is in the way is looked at. */
  readonly webhookCheckMs: number;
  /** A refusal of the token is confirmed with getMe after so long: a gateway's stray 404 must not mute a bot for long. */
  readonly tokenConfirmMs: number;
  /** How often a refused token is looked at after that. */
  readonly tokenCheckMs: number;
  /** Added at most to what Telegram asks to wait. */
  readonly floodJitterMs: number;
  /** A wait of this length is shown as state `rate_limited`. */
  readonly rateLimitedFromMs: number;
  /** Waits after a network error, a 5xx, silence or an unreadable answer; full jitter. */
  readonly transient: BackoffPolicy;
  /** Failures that last so long are shown as `waiting_for_network`; at the start the first one is. */
  readonly networkPatienceMs: number;
  /** Waits after an answer that says we asked something wrong. */
  readonly refused: BackoffPolicy;
  /** Waits while the updates cannot be stored; full jitter. */
  readonly storage: BackoffPolicy;
  /** An answer later than this after the poll's own timeout is silence. Longer than the library's 10 s. */
  readonly silenceMs: number;
  /** So many silences in a row, and a new process is the better cure. */
  readonly silencesToStall: number;
  /** A first getUpdates sent so long ago without an error proves that the bot works. */
  readonly readyAfterMs: number;
  /** The last confirmation at a stop may take so long. */
  readonly confirmDeadlineMs: number;
}

/**
 * Conflict, transient and silence: the practice of long-lived Telegram clients. The time to clear a conflict is longer
 * than the longest possible distance of two conflicts in a duel (60 s wait + 50 s poll + 3 s throttle at Telegram).
 */
export const pollLimits: PollLimits = {
  conflict: { baseMs: 5_000, capMs: 60_000 },
  lastingConflicts: 3,
  conflictWindowMs: 120_000,
  conflictClearMs: 120_000,
  webhookCheckMs: 60_000,
  tokenConfirmMs: 5_000,
  tokenCheckMs: 10 * 60_000,
  floodJitterMs: 500,
  rateLimitedFromMs: 10_000,
  transient: { baseMs: 500, capMs: 30_000 },
  networkPatienceMs: 10_000,
  refused: { baseMs: 30_000, capMs: 5 * 60_000 },
  storage: { baseMs: 500, capMs: 30_000 },
  silenceMs: 15_000,
  silencesToStall: 3,
  readyAfterMs: 500,
  confirmDeadlineMs: 1_000,
};
