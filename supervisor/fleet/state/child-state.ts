/** The state table of a child: (state, event) -> (state, actions). Pure; `child.ts` does what it says. */
import type { ExitStatus } from "../restart-policy.ts";
import {
  afterEnd,
  begin,
  beginAnew,
  describeEnding,
  down,
  spawn,
  waitForLock,
} from "./child-ending.ts";
import {
  type ChildAction,
  type ChildEvent,
  type ChildRecord,
  type ChildState,
  type ChildTimer,
  type Ending,
  notStarted,
  type Step,
  type StepContext,
} from "./child-record.ts";

type EventType = ChildEvent["type"];
type EventOf<T extends EventType> = Extract<ChildEvent, { type: T }>;
type Handler<T extends EventType> = (
  record: ChildRecord,
  event: EventOf<T>,
  context: StepContext,
) => Step;
type Row = { readonly [T in EventType]?: Handler<T> };

/** A pair that has no entry cannot happen; see `Step.impossible`. */
export function step(record: ChildRecord, event: ChildEvent, context: StepContext): Step {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Row` pairs each handler with its event
  const handler = table[record.state][event.type] as Handler<EventType> | undefined;
  if (handler === undefined) return { record, actions: [], impossible: true };
  return handler(record, event, context);
}

/** SIGKILL ends everything but a process stuck in the kernel; that one is tried again, and stays visible. */
const killAgainAfterMs = 10_000;

const same = (record: ChildRecord): Step => ({ record, actions: [] });

const killActions: readonly ChildAction[] = [
  { type: "kill" },
  { type: "schedule", timer: "kill_due", afterMs: killAgainAfterMs },
];

/** What was on its way when the decision to end the process fell; a stop has its own deadline. */
const late: Row = { hello: same, reported: same, ready: same, hung: same };

const onStart: Handler<"start"> = (record, event, context) =>
  beginAnew(record, `started by ${event.by}`, context);
const onRestart: Handler<"restart"> = (record, event, context) =>
  beginAnew(record, `started by ${event.by}`, context);

const running: Row = {
  start: same,
  stop: (record, { by, force }, context) => {
    const ending: Ending = { kind: "stop_asked", by };
    const unwanted: ChildRecord = { ...record, wanted: "down" };
    return force ? kill(unwanted, ending) : askToStop(unwanted, ending, context);
  },
  restart: (record, { by }, context) => askToStop(record, { kind: "restart_asked", by }, context),
  retire: (record) => same({ ...record, wanted: "down" }),
  configuration_changed: same,
  hung: (record, { silentMs }) => kill(record, { kind: "hung", silentMs }),
  exited: (record, { type: _type, ...exit }) => lookForRest(record, exit),
};

/** Nothing runs; a timer waits. */
const waiting: Row = {
  start: (record, event, context) => withoutRetry(onStart(record, event, context)),
  restart: (record, event, context) => withoutRetry(onRestart(record, event, context)),
  configuration_changed: (record, _event, context) =>
    withoutRetry(beginAnew(record, "its configuration changed", context)),
  stop: (record, { by }) => stopWaiting(record, by),
  retire: (record, { by }) => stopWaiting(record, by),
};

const table: Readonly<Record<ChildState, Row>> = {
  down: {
    start: onStart,
    restart: onRestart,
    // An operator stopped it under an earlier supervisor: that is why it does not run.
    stop: (record, { by }) =>
      record.reason === notStarted ? down(record, `stopped by ${by}`) : same(record),
    retire: same,
    configuration_changed: same,
  },

  acquiring_lock: {
    start: same,
    restart: same,
    configuration_changed: same,
    stop: (record, { by }) => abandonLock(record, by),
    retire: (record, { by }) => abandonLock(record, by),
    lock_acquired: (record, _event, { policy }) =>
      spawn(record, record.reason, policy.startTimeoutMs, policy.defaultStopDeadlineMs),
    lock_unavailable: (record, { reason }, context) => waitForLock(record, reason, context),
  },

  starting: {
    ...running,
    spawn_failed: (record, { message }, context) =>
      withoutTimer(
        "start_timeout",
        afterEnd({ ...record, ending: { kind: "spawn_failed", message } }, context),
      ),
    hello: (record, { stopDeadlineMs }) => same({ ...record, stopDeadlineMs }),
    reported: (record, { doing }) =>
      withoutTimer("start_timeout", same({ ...record, reason: doing })),
    ready: (record, _event, { policy }) => ({
      record: { ...record, state: "ready", reason: "ready", lockTries: 0 },
      actions: [
        { type: "cancel", timer: "start_timeout" },
        { type: "schedule", timer: "stable", afterMs: policy.stableAfterMs },
      ],
    }),
    start_timeout: (record, _event, { policy }) =>
      kill(record, { kind: "start_timeout", afterMs: policy.startTimeoutMs }),
  },

  ready: { ...running, reported: same, stable: (record) => closeBreaker(record) },

  stopping: {
    ...late,
    start: (record) => same({ ...record, wanted: "up" }),
    restart: (record) => same({ ...record, wanted: "up" }),
    stop: (record, { force }) => ({
      record: { ...record, wanted: "down" },
      actions: force ? [{ type: "kill" }] : [],
    }),
    retire: (record) => same({ ...record, wanted: "down" }),
    configuration_changed: same,
    kill_due: (record) => ({ ...same(record), actions: killActions }),
    spawn_failed: (record, _event, context) => withoutTimer("kill_due", afterEnd(record, context)),
    exited: (record, { type: _type, ...exit }) => lookForRest(record, exit),
    swept: (record, _event, context) => afterEnd(record, context),
  },

  backing_off: {
    ...waiting,
    retry_due: (record, _event, context) => begin(record, `tried again: ${record.reason}`, context),
  },

  given_up: {
    ...waiting,
    retry_due: (record, _event, context) =>
      begin(record, `a single try after: ${record.reason}`, context),
  },
};

/** The ways out of `starting` and `ready`; whoever comes first writes the cause. */
function leave(record: ChildRecord, ending: Ending, actions: readonly ChildAction[]): Step {
  return {
    record: { ...record, state: "stopping", ending, reason: describeEnding(ending) },
    actions: [
      { type: "cancel", timer: "start_timeout" },
      { type: "cancel", timer: "stable" },
      ...actions,
    ],
  };
}

function askToStop(record: ChildRecord, ending: Ending, { policy }: StepContext): Step {
  const afterMs = record.stopDeadlineMs + policy.killMarginMs;
  return leave(record, ending, [
    { type: "ask_stop", reason: describeEnding(ending) },
    { type: "schedule", timer: "kill_due", afterMs },
  ]);
}

function kill(record: ChildRecord, ending: Ending): Step {
  return leave(record, ending, killActions);
}

function lookForRest(record: ChildRecord, exit: ExitStatus): Step {
  const { record: stopping, actions } = leave(record, record.ending ?? { kind: "exit", exit }, [
    { type: "cancel", timer: "kill_due" },
    { type: "sweep" },
  ]);
  return { record: { ...stopping, exit }, actions };
}

/**
 * A stable run: the next restart is at once again; a try after `given_up` has succeeded, whoever began it: a person's
 * start has closed the breaker already.
 */
function closeBreaker(record: ChildRecord): Step {
  const settled = { ...record, quickEnds: 0 };
  if (!record.toldGivenUp) return same(settled);
  return {
    record: { ...settled, trips: 0, crashTimesMs: [], toldGivenUp: false },
    actions: [{ type: "announce", what: "recovered", reason: "it runs stably again" }],
  };
}

function abandonLock(record: ChildRecord, by: string): Step {
  return {
    ...down(record, `stopped by ${by} while waiting for the polling lock`),
    actions: [{ type: "abandon_lock" }],
  };
}

function stopWaiting(record: ChildRecord, by: string): Step {
  return withoutRetry(down(record, `stopped by ${by} (before: ${record.reason})`));
}

function withoutTimer(timer: ChildTimer, { record, actions }: Step): Step {
  return { record, actions: [{ type: "cancel", timer }, ...actions] };
}

function withoutRetry(next: Step): Step {
  return withoutTimer("retry_due", next);
}
