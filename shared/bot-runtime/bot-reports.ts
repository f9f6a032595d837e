import type { Cancel, Clock } from "../clock.ts";
import type { BotSettings } from "../config/bot-settings.ts";
import type { IntakeReport } from "../contract/intake-report.ts";
import type { PollingReport } from "../contract/polling-report.ts";
import type { Log } from "../logger.ts";
import type { ClassifiedError } from "../telegram/error-classifier.ts";
import type { ErrorCounters } from "../telegram/error-counters.ts";
import { RepeatedErrorLog } from "../telegram/repeated-error-log.ts";
import type { RuntimeStatus } from "./runtime-status.ts";
import type { SupervisorLink } from "./supervisor-link.ts";

/** A completed poll is told to the supervisor at most this often; every one is noted here. */
const pollReportIntervalMs = 10_000;

/** How soon after a change the supervisor hears of it. */
const intakeReportDelayMs = 500;

interface IntakeSource {
  report(): Promise<IntakeReport>;
}

export interface BotReportsDeps {
  readonly settings: BotSettings;
  readonly link: SupervisorLink;
  readonly counters: ErrorCounters;
  /** Called once, when the bot does its work. */
  readonly onReady: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the bot knows of itself, in one place: told to its supervisor and shown by `/status`. */
export class BotReports {
  private readonly deps: BotReportsDeps;
  private readonly startedAtMs: number;
  private readonly startedMonotonicMs: number;
  private report: PollingReport = { state: "starting" };
  private lastPollCompletedAtMs: number | undefined;
  private lastPollToldAtMs = Number.NEGATIVE_INFINITY;
  private isReady = false;
  private readonly repeated: RepeatedErrorLog;
  private inbox: IntakeSource | undefined;
  private intakeTold = "";
  private cancelIntakeTimer: Cancel | undefined;

  constructor(deps: BotReportsDeps) {
    this.deps = deps;
    this.repeated = new RepeatedErrorLog(deps.log, deps.clock);
    this.startedAtMs = deps.clock.now();
    this.startedMonotonicMs = deps.clock.monotonic();
  }

  polling(report: PollingReport): void {
    if (report.state === this.report.state && report.reason === this.report.reason) return;
    this.report = report;
    this.deps.link.send({ type: "polling", report });
    // A bot that does not poll has nothing to wait for: its setup is done.
    if (report.state === "disabled" || report.state === "reading") this.ready();
  }

  ready(): void {
    if (this.isReady) return;
    this.isReady = true;
    this.deps.log.info("ready", { state: this.report.state });
    this.deps.link.send({ type: "ready" });
    this.deps.onReady();
  }

  pollCompleted(atMs: number): void {
    this.lastPollCompletedAtMs = atMs;
    if (atMs - this.lastPollToldAtMs < pollReportIntervalMs) return;
    this.lastPollToldAtMs = atMs;
    this.deps.link.send({ type: "poll_completed", at: atMs });
  }

  /** An error that nobody else logs: said once, counted, summarised. */
  failed(error: ClassifiedError): void {
    if (error.kind === "aborted") return;
    this.repeated.failed(error);
    this.error(error);
  }

  /** An error that its finder logs itself. */
  error(error: ClassifiedError): void {
    if (error.kind === "aborted") return;
    this.deps.counters.count(error.kind);
    this.deps.link.send({ type: "errors", counts: this.deps.counters.snapshot().lastDay });
  }

  /** From now on the supervisor hears how far this inbox is. */
  follow(inbox: IntakeSource): void {
    this.inbox = inbox;
    this.intakeChanged();
  }

  /** Something was read or handled: told in a moment, with whatever else happens until then. */
  intakeChanged(): void {
    this.cancelIntakeTimer ??= this.deps.clock.schedule(intakeReportDelayMs, () => {
      this.cancelIntakeTimer = undefined;
      void this.tellIntake();
    });
  }

  close(): void {
    this.cancelIntakeTimer?.();
    this.repeated.close();
    this.polling({ state: "stopped" });
  }

  private async tellIntake(): Promise<void> {
    try {
      const report = await this.inbox?.report();
      const text = JSON.stringify(report);
      if (report === undefined || text === this.intakeTold) return;
      this.intakeTold = text;
      this.deps.link.send({ type: "intake", report });
    } catch (error) {
      this.deps.log.warn("the state of the update log could not be read", { error });
    }
  }

  status(): RuntimeStatus {
    const { settings, link, counters, clock } = this.deps;
    return {
      name: settings.name,
      botId: settings.botId,
      pid: process.pid,
      supervised: link.supervised,
      startedAtMs: this.startedAtMs,
      uptimeMs: clock.monotonic() - this.startedMonotonicMs,
      polling: this.report,
      lastPollCompletedAtMs: this.lastPollCompletedAtMs,
      errors: counters.snapshot().lastDay,
    };
  }
}
