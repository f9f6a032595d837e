import type { ErrorCounts } from "../contract/ipc.ts";
import type { PollingReport } from "../contract/polling-report.ts";

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

/** `3 d 4 h`, `12 min 5 s`, `8 s`: the two largest units. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const units: [string, number][] = [
    ["d", Math.floor(seconds / 86_400)],
    ["h", Math.floor(seconds / 3600) % 24],
    ["min", Math.floor(seconds / 60) % 60],
    ["s", seconds % 60],
  ];
  const first = units.findIndex(([, amount]) => amount > 0);
  if (first < 0) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(" ");
}

/** `polling`, or `disabled (lock held by ...)`. */
export function formatPolling(report: {
  readonly state: string;
  readonly reason?: string | undefined;
}): string {
  return report.reason === undefined ? report.state : `${report.state} (${report.reason})`;
}

export function describeStatus(status: RuntimeStatus, nowMs: number): string {
  const errors = Object.entries(status.errors).filter(([, count]) => count > 0);
  return [
    `Bot ${status.name} (id ${status.botId}), pid ${status.pid}, ${status.supervised ? "supervised" : "standalone"}`,
    `Receiving: ${formatPolling(status.polling)}`,
    `Last completed poll: ${status.lastPollCompletedAtMs === undefined ? "none yet" : `${formatDuration(nowMs - status.lastPollCompletedAtMs)} ago`}`,
    `Up for ${formatDuration(status.uptimeMs)}`,
    `Errors in 24 h: ${errors.length === 0 ? "none" : errors.map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
  ].join("\n");
}
