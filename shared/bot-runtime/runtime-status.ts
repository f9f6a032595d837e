import type { ErrorCounts } from "../contract/ipc.ts";
import {
  describeTrouble,
  type PollingReport,
  type PollingTrouble,
} from "../contract/polling-report.ts";
import { formatDuration } from "../duration.ts";

/** What a bot knows of itself; shown by `/status`. */
export interface RuntimeStatus {
  readonly name: string;
  readonly botId: number;
  readonly pid: number;
  readonly supervised: boolean;
  readonly startedAtMs: number;
  readonly uptimeMs: number;
  readonly polling: PollingReport;
  /** Epoch milliseconds of the last getUpdates that came back well. */
  readonly lastPollCompletedAtMs: number | undefined;
  /** Errors of the last 24 hours by kind; they survive restarts. */
  readonly errors: ErrorCounts;
}

/** `polling`, or `disabled (lock held by ...)`, and the last call that failed. */
export function formatPolling(
  report: {
    readonly state: string;
    readonly reason?: string | undefined;
    readonly trouble?: PollingTrouble | undefined;
  },
  nowMs: number,
): string {
  const { state, reason, trouble } = report;
  const why = reason === undefined ? state : `${state} (${reason})`;
  return trouble === undefined
    ? why
    : `${why}; ${describeTrouble(trouble, nowMs, reason === trouble.what)}`;
}

export function describeStatus(status: RuntimeStatus, nowMs: number): string {
  const errors = Object.entries(status.errors).filter(([, count]) => count > 0);
  return [
    `Bot ${status.name} (id ${status.botId}), pid ${status.pid}, ${status.supervised ? "supervised" : "standalone"}`,
    `Receiving: ${formatPolling(status.polling, nowMs)}`,
    `Last completed poll: ${status.lastPollCompletedAtMs === undefined ? "none yet" : `${formatDuration(nowMs - status.lastPollCompletedAtMs)} ago`}`,
    `Up for ${formatDuration(status.uptimeMs)}`,
    `Errors in 24 h: ${errors.length === 0 ? "none" : errors.map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
  ].join("\n");
}
