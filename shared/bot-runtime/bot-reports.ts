import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.ts";
import type { BotSettings } from "../config/bot-settings.ts";
import type { PollingReport, PollingTrouble } from "../contract/polling-report.ts";
import type { Log } from "../logger.ts";
import type { ErrorCounters } from "../telegram/counting/error-counters.ts";
import { RepeatedErrorLog } from "../telegram/counting/repeated-error-log.ts";
import type { ClassifiedError } from "../telegram/error-classifier.ts";
import type { RuntimeStatus } from "./runtime-status.ts";
import type { SupervisorLink } from "./supervisor-link.ts";
import { WorkReports } from "./work-reports.ts";

/** A completed poll is told to the supervisor at most this often; every one is noted here. */
const pollReportIntervalMs = 10_000;

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
  /** How far the bot is with its work. */
  readonly work: WorkReports;

  constructor(deps: BotReportsDeps) {
    this.deps = deps;
    this.work = new WorkReports(deps.link, deps.clock, deps.log);
    this.repeated = new RepeatedErrorLog(deps.log, deps.clock);
    this.startedAtMs = deps.clock.now();
    this.startedMonotonicMs = deps.clock.monotonic();
    // They survive restarts: a supervisor that is new must not show none.
    deps.link.send({ type: "errors", counts: deps.counters.snapshot().lastDay });
  }

  polling(report: PollingReport): void {
    const { trouble } = this.report;
    this.show(trouble === undefined ? report : { ...report, trouble });
    // A bot that does not poll has nothing to wait for: its setup is done.
    if (report.state === "disabled" || report.state === "reading") this.ready();
  }

  /** What went wrong with the last call, whatever the state; undefined: nothing any more. */
  trouble(trouble: PollingTrouble | undefined): void {
    const { trouble: _before, ...report } = this.report;
    this.show(trouble === undefined ? report : { ...report, trouble });
  }

  private show(report: PollingReport): void {
    if (isDeepStrictEqual(report, this.report)) return;
    this.report = report;
    this.deps.link.send({ type: "polling", report });
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
    if (error.kind !== "aborted") this.count(error.kind);
  }

  private count(kind: string): void {
    this.deps.counters.count(kind);
    this.deps.link.send({ type: "errors", counts: this.deps.counters.snapshot().lastDay });
  }

  /** Somebody who may not use the bot: no error, but counted like one, over restarts. */
  refused(): void {
    this.count("not_allowed");
  }

  close(): void {
    this.work.close();
    this.repeated.close();
    this.polling({ state: "stopped" });
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
