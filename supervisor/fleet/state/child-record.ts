import type { ExitStatus, RestartPolicy } from "../restart-policy.ts";

/** The words are shown to operators. `stopping` includes the look for what an ended process left behind. */
export type ChildState =
  | "down"
  | "acquiring_lock"
  | "starting"
  | "ready"
  | "stopping"
  | "backing_off"
  | "given_up";

/** Why a process ended. Written once per process: the first cause wins, whatever happens while it ends. */
export type Ending =
  | { readonly kind: "stop_asked"; readonly by: string }
  | { readonly kind: "restart_asked"; readonly by: string }
  | { readonly kind: "hung"; readonly silentMs: number }
  | { readonly kind: "start_timeout"; readonly afterMs: number }
  | { readonly kind: "spawn_failed"; readonly message: string }
  | { readonly kind: "exit"; readonly exit: ExitStatus };

/** A timer is named after the event it becomes. A child has at most one of each. */
export type ChildTimer = "retry_due" | "start_timeout" | "stable" | "kill_due";

export type ChildEvent =
  | { readonly type: "start"; readonly by: string }
  | { readonly type: "stop"; readonly by: string; readonly force: boolean }
  | { readonly type: "restart"; readonly by: string }
  /** Let it work until it is told to stop, but do not start it again should it end before. */
  | { readonly type: "retire"; readonly by: string }
  | { readonly type: "configuration_changed" }
  | { readonly type: "lock_acquired" }
  | { readonly type: "lock_unavailable"; readonly reason: string }
  | { readonly type: "spawn_failed"; readonly message: string }
  | { readonly type: "hello"; readonly stopDeadlineMs: number }
  /** The bot has said what its receiving side does: it is past its setup, though perhaps waiting for something. */
  | { readonly type: "reported"; readonly doing: string }
  | { readonly type: "ready" }
  | { readonly type: "hung"; readonly silentMs: number }
  | ({ readonly type: "exited" } & ExitStatus)
  /** After the end of the process: whatever it left anywhere has been ended. */
  | { readonly type: "swept" }
  | { readonly [T in ChildTimer]: { readonly type: T } }[ChildTimer];

export type ChildAction =
  | { readonly type: "acquire_lock" }
  | { readonly type: "abandon_lock" }
  | { readonly type: "spawn" }
  | { readonly type: "ask_stop"; readonly reason: string }
  /** End the process and its whole tree with SIGKILL. */
  | { readonly type: "kill" }
  /** End whatever the ended process left anywhere; `swept` is the answer. */
  | { readonly type: "sweep" }
  | { readonly type: "schedule"; readonly timer: ChildTimer; readonly afterMs: number }
  | { readonly type: "cancel"; readonly timer: ChildTimer }
  | { readonly type: "announce"; readonly what: "given_up" | "recovered"; readonly reason: string };

/** Everything the table knows about a child. Times are monotonic milliseconds. */
export interface ChildRecord {
  readonly state: ChildState;
  /** Why it is in this state, in words for an operator. */
  readonly reason: string;
  /** What shall be when the present process has ended. */
  readonly wanted: "up" | "down";
  /** Somebody has to get the polling lock for this bot before every start. */
  readonly needsLock: boolean;
  readonly ending: Ending | undefined;
  readonly exit: ExitStatus | undefined;
  readonly stopDeadlineMs: number;
  /** Runs in a row that ended without having been stable. */
  readonly quickEnds: number;
  /** Times in a row that the lock was held. */
  readonly lockTries: number;
  readonly crashTimesMs: readonly number[];
  /** How often the breaker opened without a stable run since; a child that runs with trips > 0 is a single try. */
  readonly trips: number;
  /** People were told that it was given up, and not yet that it runs stably again. */
  readonly toldGivenUp: boolean;
  readonly nextTryMs: number | undefined;
  /** The last process ended and nobody had asked for that; the next one is a restart. */
  readonly endedUnasked: boolean;
  /** Restarts after such an end, and crashes, since the supervisor's start. */
  readonly restarts: number;
  readonly crashes: number;
}

export const notStarted = "not started yet";

export function newChildRecord(needsLock: boolean): ChildRecord {
  return {
    state: "down",
    reason: notStarted,
    wanted: "down",
    needsLock,
    ending: undefined,
    exit: undefined,
    stopDeadlineMs: 0,
    quickEnds: 0,
    lockTries: 0,
    crashTimesMs: [],
    trips: 0,
    toldGivenUp: false,
    nextTryMs: undefined,
    endedUnasked: false,
    restarts: 0,
    crashes: 0,
  };
}

/** What surrounds one step: the policy, the moment, and chance. */
export interface StepContext {
  readonly policy: RestartPolicy;
  readonly nowMs: number;
  readonly random: () => number;
}

export interface Step {
  readonly record: ChildRecord;
  /** To be done in this order. */
  readonly actions: readonly ChildAction[];
  /** The event cannot happen in this state: nothing changed, and whoever drives the table has a fault. */
  readonly impossible?: true;
}
