/** What follows when a process is gone, and how a next one begins: the pure half of a restart. */

import {
  answerToExit,
  describeExit,
  type ExitAnswer,
  halfOpenDelayMs,
  lockRetryDelayMs,
  restartDelayMs,
} from "../restart-policy.ts";
import type { ChildRecord, Ending, Step, StepContext } from "./child-record.ts";

/** Begins a start: with the lock where one is needed, else with the process. */
export function begin(record: ChildRecord, reason: string, { policy }: StepContext): Step {
  const fresh: ChildRecord = {
    ...record,
    reason,
    wanted: "up",
    ending: undefined,
    exit: undefined,
    nextTryMs: undefined,
  };
  if (record.needsLock) {
    return { record: { ...fresh, state: "acquiring_lock" }, actions: [{ type: "acquire_lock" }] };
  }
  return spawn(fresh, reason, policy.startTimeoutMs, policy.defaultStopDeadlineMs);
}

export function spawn(
  record: ChildRecord,
  reason: string,
  startTimeoutMs: number,
  stopDeadlineMs: number,
): Step {
  return {
    record: {
      ...record,
      state: "starting",
      reason,
      stopDeadlineMs,
      restarts: record.restarts + (record.endedUnasked ? 1 : 0),
      endedUnasked: false,
    },
    actions: [
      { type: "spawn" },
      { type: "schedule", timer: "start_timeout", afterMs: startTimeoutMs },
    ],
  };
}

/** The will of a person (or a new configuration) closes the breaker and forgets what was. */
export function beginAnew(record: ChildRecord, reason: string, context: StepContext): Step {
  return begin(
    { ...record, quickEnds: 0, lockTries: 0, crashTimesMs: [], trips: 0, endedUnasked: false },
    reason,
    context,
  );
}

/** The process and everything of it are gone: down, at once again, later, or given up. */
export function afterEnd(record: ChildRecord, context: StepContext): Step {
  const ending = record.ending ?? { kind: "exit", exit: { code: null, signal: null } };
  const what = describeEnding(ending) + killedNote(record);
  if (record.wanted === "down") return down(record, what);
  if (isAsked(ending)) return begin(record, `started again: ${what}`, context);
  const ended = { ...record, endedUnasked: true };
  const answer: ExitAnswer = ending.kind === "exit" ? answerToExit(ending.exit) : "crash";
  if (answer === "later") return waitForLock(ended, what, context);
  if (answer === "crash") return afterCrash(ended, what, context);
  if (answer === "again" && record.trips === 0) return backOff(ended, what, context);
  return giveUp(ended, what, context);
}

export function down(record: ChildRecord, reason: string): Step {
  return {
    record: { ...record, state: "down", wanted: "down", reason, nextTryMs: undefined },
    actions: [],
  };
}

export function waitForLock(record: ChildRecord, what: string, context: StepContext): Step {
  const afterMs = lockRetryDelayMs(context.policy, record.lockTries, context.random);
  const waiting = { ...record, lockTries: record.lockTries + 1 };
  return wait(waiting, "backing_off", what, afterMs, context);
}

function afterCrash(record: ChildRecord, what: string, context: StepContext): Step {
  const { policy, nowMs } = context;
  const crashTimesMs = [
    ...record.crashTimesMs.filter((atMs) => atMs > nowMs - policy.crashWindowMs),
    nowMs,
  ];
  const crashed = { ...record, crashTimesMs, crashes: record.crashes + 1 };
  if (record.trips > 0) return giveUp(crashed, what, context);
  if (crashTimesMs.length <= policy.maxCrashesInWindow) return backOff(crashed, what, context);
  const count = `${crashTimesMs.length} crashes within ${seconds(policy.crashWindowMs)} s`;
  return giveUp(crashed, `${count}, the last one ${what}`, context);
}

function backOff(record: ChildRecord, what: string, context: StepContext): Step {
  const afterMs = restartDelayMs(context.policy, record.quickEnds, context.random);
  const counted = { ...record, quickEnds: record.quickEnds + 1 };
  if (afterMs === 0) return begin(counted, `started again at once: ${what}`, context);
  return wait(counted, "backing_off", what, afterMs, context);
}

/** Opens the breaker, or leaves it open after a failed try; told once per opening. */
function giveUp(record: ChildRecord, what: string, context: StepContext): Step {
  const trips = record.trips + 1;
  const afterMs = halfOpenDelayMs(context.policy, trips, context.random);
  const told = { ...record, trips, toldGivenUp: true };
  const step = wait(told, "given_up", what, afterMs, context);
  if (record.trips > 0) return step;
  return {
    record: step.record,
    actions: [...step.actions, { type: "announce", what: "given_up", reason: what }],
  };
}

function wait(
  record: ChildRecord,
  state: "backing_off" | "given_up",
  reason: string,
  afterMs: number,
  { nowMs }: StepContext,
): Step {
  return {
    record: { ...record, state, reason, nextTryMs: nowMs + afterMs },
    actions: [{ type: "schedule", timer: "retry_due", afterMs }],
  };
}

export function describeEnding(ending: Ending): string {
  switch (ending.kind) {
    case "stop_asked":
      return `stopped by ${ending.by}`;
    case "restart_asked":
      return `restart asked by ${ending.by}`;
    case "hung":
      return `hung: no sign of life for ${seconds(ending.silentMs)} s`;
    case "start_timeout":
      return `said nothing about its work for ${seconds(ending.afterMs)} s after its start`;
    case "spawn_failed":
      return `could not be started: ${ending.message}`;
    case "exit":
      break;
  }
  return describeExit(ending.exit);
}

function isAsked(ending: Ending): boolean {
  return ending.kind === "stop_asked" || ending.kind === "restart_asked";
}

/** An asked-for stop that needed force must not look like an ordered one. */
function killedNote({ ending, exit }: ChildRecord): string {
  if (ending === undefined || exit === undefined || !isAsked(ending) || exit.code === 0) return "";
  return ` (its process ${describeExit(exit)})`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
