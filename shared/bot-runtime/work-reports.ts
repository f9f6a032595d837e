import type { Cancel, Clock } from "../clock.ts";
import type { IntakeReport } from "../contract/intake-report.ts";
import type { SendingReport } from "../contract/sending-report.ts";
import type { Log } from "../logger.ts";
import type { OutboxSnapshot } from "../outbound/outbox/snapshot.ts";
import type { SupervisorLink } from "./supervisor-link.ts";

/** How soon after a change the supervisor hears of it. */
const reportDelayMs = 500;
/** While answers wait, their age and the floods are told again so often. */
const waitingDelayMs = 5_000;

interface Inbox {
  report(): Promise<IntakeReport>;
}
interface Outbox {
  snapshot(): OutboxSnapshot;
}
interface Budget {
  readonly demandPerSecond: number;
  watch(onWanted: () => void): void;
}

/** How far a bot is with what it received and has to send, told to its supervisor when it changes. */
export class WorkReports {
  private readonly link: SupervisorLink;
  private readonly clock: Clock;
  private readonly log: Log;
  private inbox: Inbox | undefined;
  private outbox: Outbox | undefined;
  private budget: Budget | undefined;
  private intakeTold = "";
  private sendingTold = "";
  private cancelTimer: Cancel | undefined;
  private dueAtMs = Number.POSITIVE_INFINITY;
  private closed = false;

  constructor(link: SupervisorLink, clock: Clock, log: Log) {
    this.link = link;
    this.clock = clock;
    this.log = log;
  }

  follow(work: { readonly inbox: Inbox; readonly outbox: Outbox; readonly budget: Budget }): void {
    this.inbox = work.inbox;
    this.outbox = work.outbox;
    this.budget = work.budget;
    // Also what no update caused: without its demand a bot would keep the share of one that is idle.
    work.budget.watch(() => {
      this.changed();
    });
    this.changed();
  }

  /** Something was read, handled or sent: told in a moment, with whatever else happens until then. */
  changed(): void {
    this.tellIn(reportDelayMs);
  }

  close(): void {
    this.closed = true;
    this.cancelTimer?.();
  }

  private tellIn(delayMs: number): void {
    const dueAtMs = this.clock.monotonic() + delayMs;
    if (this.closed || dueAtMs >= this.dueAtMs) return;
    this.cancelTimer?.();
    this.dueAtMs = dueAtMs;
    this.cancelTimer = this.clock.schedule(delayMs, () => {
      this.dueAtMs = Number.POSITIVE_INFINITY;
      void this.tell();
    });
  }

  private async tell(): Promise<void> {
    const demand = this.budget?.demandPerSecond ?? 0;
    const sending =
      this.outbox === undefined
        ? undefined
        : sendingReport(this.outbox.snapshot(), demand, this.clock.now());
    if (sending !== undefined && JSON.stringify(sending) !== this.sendingTold) {
      this.sendingTold = JSON.stringify(sending);
      this.link.send({ type: "sending", report: sending });
    }
    try {
      const intake = await this.inbox?.report();
      if (intake !== undefined && JSON.stringify(intake) !== this.intakeTold) {
        this.intakeTold = JSON.stringify(intake);
        this.link.send({ type: "intake", report: intake });
      }
    } catch (error) {
      this.log.warn("the state of the update log could not be read", { error });
    }
    if ((sending?.waitingAnswers ?? 0) > 0 || demand > 0) this.tellIn(waitingDelayMs);
  }
}

function sendingReport(
  { waiting, inFlight, lagMs, floodWaits, storageTrouble }: OutboxSnapshot,
  demandPerSecond: number,
  nowMs: number,
): SendingReport {
  const floods = floodWaits.map(({ untilMs }) => untilMs);
  return {
    waitingAnswers: waiting.answers + inFlight,
    oldestSince: lagMs > 0 ? Math.round((nowMs - lagMs) / 1000) * 1000 : null,
    floodUntil: floods.length === 0 ? null : Math.max(...floods),
    demandPerSecond: Math.ceil(demandPerSecond),
    trouble: storageTrouble ?? null,
  };
}
