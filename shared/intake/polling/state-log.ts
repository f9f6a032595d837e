import type { PollingReport, PollingState } from "../../contract/polling-report.ts";
import type { Log, LogLevel } from "../../logger.ts";

const levels: Readonly<Partial<Record<PollingState, LogLevel>>> = {
  conflict: "warn",
  misconfigured: "warn",
  rate_limited: "warn",
  waiting_for_network: "warn",
  waiting_for_storage: "warn",
  auth_failed: "error",
};

/** Publishes the polling state when it changes, with one line per change. */
export class StateLog {
  private report: PollingReport | undefined;
  private readonly log: Log;
  private readonly publish: (report: PollingReport) => void;

  constructor(log: Log, publish: (report: PollingReport) => void) {
    this.log = log;
    this.publish = publish;
  }

  show(next: PollingReport): void {
    const last = this.report;
    if (last?.state === next.state && last.reason === next.reason) return;
    this.report = next;
    if (last?.state !== next.state) {
      this.log[levels[next.state] ?? "info"](`polling state: ${next.state}`, {
        reason: next.reason,
        was: last?.state,
      });
    }
    this.publish(next);
  }
}
