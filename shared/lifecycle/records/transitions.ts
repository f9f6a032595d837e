import type { Holder, Lease } from "./lease.ts";
import type { ListenerState, Progress } from "./listener-state.ts";
import { plainText } from "./plain-text.ts";

/** What lease.yaml and state.yaml say; undefined where the file is absent. */
export interface LifecycleRecords {
  readonly lease: Lease | undefined;
  readonly state: ListenerState | undefined;
}

export type LifecycleEvent =
  | StartEvent
  | { readonly type: "running"; readonly leaseId: string }
  | { readonly type: "stopping"; readonly leaseId: string; readonly cause: string }
  | { readonly type: "stopped"; readonly leaseId: string; readonly cause: string }
  | { readonly type: "failed"; readonly leaseId: string; readonly error: string }
  /** An operator, from another process. */
  | { readonly type: "close"; readonly by: string }
  /** The holder was found dead with its lease still active. */
  | { readonly type: "crashed"; readonly by: string };

type HolderEvent = Exclude<LifecycleEvent, { type: "start" | "close" | "crashed" }>;

interface StartEvent {
  readonly type: "start";
  readonly leaseId: string;
  readonly holder: Holder;
  readonly epoch: number | undefined;
}

type Refusal =
  /** Somebody listens (or died without a word): its lease must end first. */
  | "lease_active"
  /** Neither lease nor state: nothing was started here. */
  | "not_started"
  /** The lease is released; there is nothing left to close. */
  | "already_closed"
  /** This lease has made this transition, or a later one. */
  | "already_recorded"
  /** The lease was released by somebody else, who wrote the event. */
  | "released"
  /** Another lease has followed: whoever still writes under the old one is ignored. */
  | "superseded";

export type Outcome =
  /** A transition: the history gets a line, made by `historyEntry` from these records. */
  | { readonly kind: "moved"; readonly records: LifecycleRecords }
  /** The records change and nothing happened that the history does not tell already. */
  | { readonly kind: "quiet"; readonly records: LifecycleRecords }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * The whole life of a listener, pure: records and an event give the new records or a refusal. An event describes a
 * transition, not every code path that noticed it: what is released once stays released as it was, and the first
 * cause wins.
 * @param now an instant, ISO-8601 UTC
 */
export function applyEvent(records: LifecycleRecords, event: LifecycleEvent, now: string): Outcome {
  if (event.type === "start") return start(records, event, now);
  if (event.type === "close") return close(records, plainText(event.by), now);
  if (event.type === "crashed") return crashed(records, plainText(event.by), now);
  return ofHolder(records, event, now);
}

function start({ lease }: LifecycleRecords, event: StartEvent, now: string): Outcome {
  if (lease?.status === "active") return refused("lease_active");
  const before = lease?.epoch ?? 0;
  const taken: Lease = {
    version: 1,
    id: event.leaseId,
    status: "active",
    holder: event.holder,
    epoch: event.epoch === undefined ? before + 1 : Math.max(event.epoch, before),
    acquired: now,
    renewed: now,
  };
  return moved(taken, startedState(taken));
}

/** The state that belongs to a lease just taken. */
export function startedState(lease: Lease): ListenerState {
  return {
    version: 1,
    lease: lease.id,
    status: "starting",
    lease_active: true,
    last_event: "start",
    last_event_at: lease.acquired,
    started: lease.acquired,
    updated: lease.acquired,
  };
}

function ofHolder(records: LifecycleRecords, event: HolderEvent, now: string): Outcome {
  const { lease, state } = records;
  if (state === undefined || !belongsTo(records, event.leaseId)) return refused("superseded");
  if (event.type === "running" || event.type === "stopping") {
    if (!state.lease_active) return refused("released");
    const late =
      event.type === "running" ? state.status !== "starting" : state.status === "stopping";
    if (late) return refused("already_recorded");
    const next = { ...after(state, event.type, now), status: event.type };
    if (event.type === "running") return moved(lease, next);
    return moved(lease, { ...next, cause: state.cause ?? plainText(event.cause) });
  }
  if (!state.lease_active) return finish(records, state, now);
  const words = plainText(event.type === "failed" ? event.error : event.cause);
  return release(records, state, {
    event: event.type,
    status: event.type,
    by: lease?.holder.label,
    cause: words,
    error: event.type === "failed" ? words : undefined,
    finished: true,
    now,
  });
}

/** The listener is done after somebody else had released its lease: the event stands in the history already. */
function finish(records: LifecycleRecords, state: ListenerState, now: string): Outcome {
  if (state.finished !== undefined) return refused("already_recorded");
  return {
    kind: "quiet",
    records: { ...records, state: { ...state, updated: now, finished: now } },
  };
}

function close(records: LifecycleRecords, by: string, now: string): Outcome {
  const { lease, state } = records;
  if (lease === undefined && state === undefined) return refused("not_started");
  if (state === undefined || !state.lease_active) return refused("already_closed");
  return release(records, state, {
    event: "close",
    status: "stopped",
    by,
    cause: `closed by ${by}`,
    error: undefined,
    finished: false,
    now,
  });
}

function crashed(records: LifecycleRecords, by: string, now: string): Outcome {
  const { lease, state } = records;
  if (lease?.status !== "active" || state === undefined) return refused("already_closed");
  return release(records, state, {
    event: "crashed",
    status: "failed",
    by,
    cause: "crashed",
    error: undefined,
    finished: false,
    now,
  });
}

interface Release {
  readonly event: "stopped" | "failed" | "close" | "crashed";
  readonly status: "stopped" | "failed";
  readonly by: string | undefined;
  readonly cause: string;
  readonly error: string | undefined;
  /** The process itself says so: nothing of the listener is left to do. */
  readonly finished: boolean;
  readonly now: string;
}

function release({ lease }: LifecycleRecords, state: ListenerState, how: Release): Outcome {
  const { now } = how;
  const ended: ListenerState = {
    ...after(state, how.event, now),
    ...(how.by === undefined ? {} : { last_event_by: how.by }),
    status: how.status,
    lease_active: false,
    cause: state.cause ?? how.cause,
    ...(how.error === undefined ? {} : { error: how.error }),
    stopped: now,
    ...(how.finished ? { finished: now } : {}),
  };
  return moved(lease === undefined ? undefined : releasedLease(lease, ended), ended);
}

/** The lease as the end in `state` leaves it. */
export function releasedLease(lease: Lease, state: ListenerState): Lease {
  return {
    ...lease,
    status: "inactive",
    released: state.last_event_at,
    ...(state.last_event_by === undefined ? {} : { released_by: state.last_event_by }),
  };
}

/**
 * Notes what a listener reports between its transitions; no event. Undefined where the lease is not its own any more.
 */
export function recordProgress(
  records: LifecycleRecords,
  leaseId: string,
  progress: Progress,
  now: string,
): LifecycleRecords | undefined {
  const { lease, state } = records;
  if (state === undefined || !belongsTo(records, leaseId)) return undefined;
  const { lastPollMs, offset, epoch } = progress;
  return {
    lease:
      lease?.status === "active"
        ? { ...lease, renewed: now, epoch: Math.max(lease.epoch, epoch ?? 0) }
        : lease,
    state: {
      ...state,
      updated: now,
      ...(lastPollMs === undefined ? {} : { last_poll: new Date(lastPollMs).toISOString() }),
      ...(offset === undefined ? {} : { offset }),
    },
  };
}

/** Somebody may have taken lease.yaml away; the state still knows whose it was. */
function belongsTo({ lease, state }: LifecycleRecords, leaseId: string): boolean {
  return (lease?.id ?? state?.lease) === leaseId && state?.lease === leaseId;
}

function after(
  state: ListenerState,
  event: ListenerState["last_event"],
  now: string,
): ListenerState {
  const { last_event_by: _, ...rest } = state;
  return { ...rest, last_event: event, last_event_at: now, updated: now };
}

function moved(lease: Lease | undefined, state: ListenerState): Outcome {
  return { kind: "moved", records: { lease, state } };
}

function refused(refusal: Refusal): Outcome {
  return { kind: "refused", refusal };
}
