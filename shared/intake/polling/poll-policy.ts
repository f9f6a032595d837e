import { type BackoffPolicy, backoffMs } from "../../backoff.ts";
import type { PollingReport } from "../../contract/polling-report.ts";
import type { ClassifiedError } from "../../telegram/error-classifier.ts";
import { type PollHistory, reportOf, type Trouble, troubleOf } from "./poll-history.ts";
import type { PollLimits } from "./poll-limits.ts";

/** What ended a try: an error of Telegram, a webhook found in the way, or a place for updates that takes none. */
export type PollFailure =
  | { readonly kind: "error"; readonly error: ClassifiedError }
  | { readonly kind: "webhook_set"; readonly reason: string }
  | { readonly kind: "storage"; readonly reason: string };

export interface PollVerdict {
  readonly history: PollHistory;
  readonly report: PollingReport;
  readonly waitMs: number;
  /** The next call takes a new connection: the old one may be pinned to the trouble. */
  readonly rotateConnection: boolean;
  /** Silence again and again: polling cannot cure itself. */
  readonly stalled: boolean;
}

/** Jitter of waits that keep their length: 0 to 20 % more. */
const jitterShare = 0.2;

/** The answer to a failure. Pure: the same arguments give the same verdict. */
export function afterFailure(
  limits: PollLimits,
  before: PollHistory,
  failure: PollFailure,
  nowMs: number,
  random: () => number,
): PollVerdict {
  const trouble = failure.kind === "error" ? troubleOf(failure.error.kind) : failure.kind;
  const silent = failure.kind === "error" && failure.error.kind === "timeout";
  const silences = silent ? before.silences + 1 : 0;
  const goesOn = before.failing !== undefined && family(before.failing.trouble) === family(trouble);
  const count = goesOn ? (before.failing?.count ?? 0) + 1 : 1;
  const conflict =
    trouble === "conflict" ? oneMoreConflict(limits, before.conflict, nowMs) : before.conflict;
  const reason = failure.kind === "error" ? failure.error.message : failure.reason;
  const attempt = trouble === "conflict" ? (conflict?.count ?? 1) - 1 : count - 1;
  const waitMs = Math.round(waitFor(limits, trouble, failure, attempt, random));
  const history: PollHistory = {
    everPolled: before.everPolled,
    failing: {
      trouble,
      count,
      sinceMs: goesOn ? (before.failing?.sinceMs ?? nowMs) : nowMs,
      waitMs,
      reason,
    },
    obstacle: obstacleOf(trouble, count, reason) ?? before.obstacle,
    conflict,
    silences,
  };
  return {
    history,
    report: reportOf(history, limits, nowMs),
    waitMs,
    rotateConnection: trouble === "conflict" || trouble === "transient",
    stalled: silent && silences % limits.silencesToStall === 0,
  };
}

/** A getUpdates came back well; trouble with storing what it brought is another matter. */
export function afterAnswer(limits: PollLimits, before: PollHistory, nowMs: number): PollHistory {
  const quiet =
    before.conflict !== undefined && nowMs - before.conflict.lastMs >= limits.conflictClearMs;
  return {
    everPolled: true,
    failing: before.failing?.trouble === "storage" ? before.failing : undefined,
    obstacle: undefined,
    conflict: quiet ? undefined : before.conflict,
    silences: 0,
  };
}

/** What a getUpdates brought is stored, or it brought nothing. */
export function afterStored(before: PollHistory): PollHistory {
  return before.failing?.trouble === "storage" ? { ...before, failing: undefined } : before;
}

/** The obstacle is gone; the failure stays on record until a getUpdates proves it over. */
export function afterCheck(before: PollHistory): PollHistory {
  return { ...before, obstacle: undefined, silences: 0 };
}

/** Suspecting a webhook and finding it are one story. */
function family(trouble: Trouble): Trouble {
  return trouble === "webhook_set" ? "webhook_suspected" : trouble;
}

function obstacleOf(trouble: Trouble, count: number, reason: string): PollHistory["obstacle"] {
  if (trouble === "token") return { check: "check_token", known: true, reason };
  if (trouble === "webhook_set") return { check: "check_webhook", known: true, reason };
  if (trouble === "webhook_suspected") return { check: "check_webhook", known: count > 1, reason };
  return undefined;
}

function waitFor(
  limits: PollLimits,
  trouble: Trouble,
  failure: PollFailure,
  attempt: number,
  random: () => number,
): number {
  const askedMs = failure.kind === "error" ? (failure.error.waitMs ?? 0) : 0;
  const waits: Readonly<Record<Trouble, () => number>> = {
    conflict: () => steadyBackoffMs(limits.conflict, attempt, random),
    // At once, to learn whose webhook it is; where the looks keep finding none, no faster than others.
    webhook_suspected: () => (attempt === 0 ? 0 : limits.webhookCheckMs),
    webhook_set: () => limits.webhookCheckMs,
    token: () => (attempt === 0 ? limits.tokenConfirmMs : limits.tokenCheckMs),
    flood: () => askedMs + random() * limits.floodJitterMs,
    transient: () => backoffMs(limits.transient, attempt, random),
    refused: () => steadyBackoffMs(limits.refused, attempt, random),
    storage: () => backoffMs(limits.storage, attempt, random),
  };
  return waits[trouble]();
}

/** Doubles from base to cap, never shorter than its step: for troubles where coming back early does harm. */
function steadyBackoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const stepMs = Math.min(
    policy.capMs / (1 + jitterShare),
    policy.baseMs * 2 ** Math.min(attempt, 30),
  );
  return stepMs * (1 + jitterShare * random());
}

function oneMoreConflict(
  limits: PollLimits,
  before: PollHistory["conflict"],
  nowMs: number,
): PollHistory["conflict"] {
  const goesOn = before !== undefined && nowMs - before.lastMs < limits.conflictClearMs;
  const earlier = goesOn
    ? before.recentMs.filter((ms) => ms > nowMs - limits.conflictWindowMs)
    : [];
  const recentMs = [...earlier, nowMs];
  return {
    count: goesOn ? before.count + 1 : 1,
    recentMs,
    lastMs: nowMs,
    lasting: (goesOn && before.lasting) || recentMs.length >= limits.lastingConflicts,
  };
}
