import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { SessionReport, SessionsReport } from "../../../shared/contract/session-report.ts";
import type { AgentProcess } from "../agents/port.ts";
import type { SessionRecord } from "../sessions/record/session-record.ts";

/** How soon after a change it is told, with whatever else changes until then. */
const tellAfterMs = 500;
const mostShown = 100;

/** What is told of a session. */
interface ShownSession {
  readonly id: string;
  readonly process: Pick<AgentProcess, "identity"> | undefined;
  readonly waiting: readonly unknown[];
  record(): SessionRecord;
}

export interface SessionReportsParts {
  readonly sessions: { all(): readonly ShownSession[] };
  /** The model that a session's agent is started with. */
  readonly modelOf: (record: SessionRecord) => string | undefined;
  readonly tell: (report: SessionsReport) => void;
  readonly clock: Clock;
}

/** The sessions as operators see them, told to the supervisor when they change. */
export class SessionReports {
  private readonly parts: SessionReportsParts;
  private told = "";
  private cancelTimer: Cancel | undefined;
  private closed = false;

  constructor(parts: SessionReportsParts) {
    this.parts = parts;
  }

  changed(): void {
    if (this.closed) return;
    this.cancelTimer ??= this.parts.clock.schedule(tellAfterMs, () => {
      this.cancelTimer = undefined;
      this.tell();
    });
  }

  close(): void {
    this.closed = true;
    this.cancelTimer?.();
  }

  private tell(): void {
    const all = this.parts.sessions.all();
    const newest = all.slice(0, mostShown).map((session) => this.reportOf(session));
    const report = { count: all.length, newest };
    const text = JSON.stringify(report);
    if (text === this.told) return;
    this.told = text;
    this.parts.tell(report);
  }

  private reportOf(session: ShownSession): SessionReport {
    const record = session.record();
    const { id, name, conversation, agent, status, lastActiveAtMs, turns, costUsd } = record;
    const model = this.parts.modelOf(record);
    const pid = session.process?.identity?.pid;
    return {
      id,
      name,
      conversation,
      agent,
      status,
      waiting: session.waiting.length,
      lastActiveAt: lastActiveAtMs,
      turns,
      costUsd,
      ...(model === undefined ? {} : { model }),
      ...(pid === undefined ? {} : { pid }),
    };
  }
}
