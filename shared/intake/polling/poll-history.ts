import type { PollingReport, PollingState } from "../../contract/polling-report.ts";
import type { ErrorKind } from "../../telegram/error-kind.ts";
import type { PollLimits } from "./poll-limits.ts";

/** Troubles of polling, as far as they are answered differently. */
export type Trouble =
  | "conflict"
  /** A 409 says so; it may already be gone. */
  | "webhook_suspected"
  | "webhook_set"
  | "token"
  | "flood"
  | "transient"
  | "refused"
  | "storage";

type PollCheck = "check_webhook" | "check_token";

/** What the policy remembers of one poller's life. Instants are monotonic milliseconds. Never changed, only replaced. */
export interface PollHistory {
  /** A getUpdates came back well, or was parked long enough to prove that it will. */
  readonly everPolled: boolean;
  /** The run of failures that goes on. */
  readonly failing:
    | {
        readonly trouble: Trouble;
        /** Failures of this trouble in a row. */
        readonly count: number;
        readonly sinceMs: number;
        readonly waitMs: number;
        readonly reason: string;
      }
    | undefined;
  /** What must be looked at, with good result, before the next getUpdates. */
  readonly obstacle:
    | {
        readonly check: PollCheck;
        /** False for a single 409 about a webhook, which may be gone again. */
        readonly known: boolean;
        readonly reason: string;
      }
    | undefined;
  /** Conflicts with another poller; outlasts successful polls, because two pollers take turns. */
  readonly conflict:
    | {
        readonly count: number;
        /** Those within the window. */
        readonly recentMs: readonly number[];
        readonly lastMs: number;
        readonly lasting: boolean;
      }
    | undefined;
  /** Polls in a row that got no answer at all. */
  readonly silences: number;
}

export const freshHistory: PollHistory = {
  everPolled: false,
  failing: undefined,
  obstacle: undefined,
  conflict: undefined,
  silences: 0,
};

const troubles: Readonly<Record<ErrorKind, Trouble>> = {
  conflict_poller: "conflict",
  conflict_webhook: "webhook_suspected",
  auth: "token",
  flood: "flood",
  network: "transient",
  timeout: "transient",
  server: "transient",
  bad_response: "transient",
  aborted: "transient",
  blocked: "refused",
  migrated: "refused",
  bad_request: "refused",
  unknown: "refused",
};

export function troubleOf(kind: ErrorKind): Trouble {
  return troubles[kind];
}

const stateOfCheck = { check_token: "auth_failed", check_webhook: "misconfigured" } as const;

/** What the bot shows. A short trouble changes nothing; one that lasts changes the state once. */
export function reportOf(history: PollHistory, limits: PollLimits, nowMs: number): PollingReport {
  const { failing, obstacle, conflict } = history;
  if (obstacle?.known === true) {
    return { state: stateOfCheck[obstacle.check], reason: obstacle.reason };
  }
  const state = failing === undefined ? undefined : stateOfFailing(history, failing, limits, nowMs);
  if (failing !== undefined && state !== undefined) return { state, reason: failing.reason };
  if (conflict?.lasting === true) {
    return { state: "conflict", reason: "another process polls this token" };
  }
  return { state: history.everPolled ? "polling" : "connecting" };
}

function stateOfFailing(
  history: PollHistory,
  failing: NonNullable<PollHistory["failing"]>,
  limits: PollLimits,
  nowMs: number,
): PollingState | undefined {
  const lastsMs = nowMs - failing.sinceMs;
  const states: Readonly<Record<Trouble, PollingState | undefined>> = {
    conflict: undefined,
    webhook_suspected: failing.count > 1 ? "misconfigured" : undefined,
    webhook_set: "misconfigured",
    token: "auth_failed",
    flood: failing.waitMs >= limits.rateLimitedFromMs ? "rate_limited" : undefined,
    transient:
      !history.everPolled || lastsMs >= limits.networkPatienceMs
        ? "waiting_for_network"
        : undefined,
    refused: "misconfigured",
    storage: "waiting_for_storage",
  };
  return states[failing.trouble];
}
