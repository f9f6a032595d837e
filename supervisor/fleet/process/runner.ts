import type { Clock } from "../../../shared/clock.ts";
import type { IntakeReport } from "../../../shared/contract/intake-report.ts";
import type { BotMessage, ErrorCounts, SupervisorMessage } from "../../../shared/contract/ipc.ts";
import type { PollingReport, PollingState } from "../../../shared/contract/polling-report.ts";
import type { SendingReport } from "../../../shared/contract/sending-report.ts";
import type { SessionsReport } from "../../../shared/contract/session-report.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";
import type { BotView } from "../bot-view.ts";
import type { RestartPolicy } from "../restart-policy.ts";
import type { ChildEvent } from "../state/child-record.ts";
import { parseBotMessage } from "./bot-message.ts";
import { HangWatch } from "./hang-watch.ts";
import type { BotProcess, ChildPorts } from "./ports.ts";

export interface RunnerOptions {
  readonly name: string;
  readonly ports: ChildPorts;
  readonly policy: RestartPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** Something for the state table. */
  readonly happened: (event: ChildEvent) => void;
  /** Something for the view alone. */
  readonly reported: () => void;
  /** It writes to a chat. */
  readonly sent: (chatId: number | string) => void;
  /** A user of this bot asked for the restart of a bot. */
  readonly restartWanted: (bot: string, userId: number) => void;
  /** An operator closed the bot through its lifecycle files. */
  readonly closed: () => void;
}

type RunnerFacts = Pick<
  BotView,
  | "pid"
  | "identity"
  | "startedAt"
  | "silentSince"
  | "polling"
  | "botId"
  | "lastPollCompletedAt"
  | "errors"
  | "intake"
  | "sending"
  | "sessions"
>;

/** The process side of a child, one process after the other: what it says, whether it lives, what it leaves. */
export class Runner {
  private readonly options: RunnerOptions;
  private process: BotProcess | undefined;
  private hangWatch: HangWatch | undefined;
  /** Why the present process cannot go on, as it said. */
  private lastWords: string | undefined;
  private startedAt: number | undefined;
  private silentSince: number | undefined;
  private polling: PollingReport = { state: "stopped" };
  private botId: number | undefined;
  private lastPollCompletedAt: number | undefined;
  private errors: ErrorCounts = {};
  private intake: IntakeReport | undefined;
  private sending: SendingReport | undefined;
  private sessions: SessionsReport | undefined;

  constructor(options: RunnerOptions) {
    this.options = options;
  }

  facts(): RunnerFacts {
    return {
      pid: this.process?.pid,
      identity: this.process?.identity,
      startedAt: this.process === undefined ? undefined : this.startedAt,
      silentSince: this.silentSince,
      polling: this.polling,
      botId: this.botId,
      lastPollCompletedAt: this.lastPollCompletedAt,
      errors: this.errors,
      intake: this.intake,
      sending: this.sending,
      sessions: this.sessions,
    };
  }

  spawn(): void {
    this.polling = { state: "starting" };
    this.lastWords = undefined;
    this.startedAt = this.options.clock.now();
    try {
      // Events of a process that is no longer the present one say nothing about this one.
      const spawned = this.options.ports.spawn({
        message: (value) => {
          if (this.process === spawned) this.onMessage(value);
        },
        exited: (exit) => {
          if (this.process !== spawned) return;
          this.options.happened({ type: "exited", ...exit, said: this.lastWords });
        },
        failed: (error) => {
          if (this.process === spawned) this.spawnFailed(error);
        },
      });
      this.process = spawned;
    } catch (error) {
      this.spawnFailed(error);
    }
  }

  /** Asks the bot for a sign of life. Resolves with it, or when half a second has passed without one. */
  async probe(): Promise<void> {
    await this.hangWatch?.askNow();
  }

  askToStop(reason: string): void {
    // A stop has its own deadline.
    this.hangWatch?.end();
    this.process?.askToStop(reason);
  }

  tell(message: SupervisorMessage): void {
    this.process?.tell(message);
  }

  kill(): void {
    this.hangWatch?.end();
    this.process?.kill().catch((error: unknown) => {
      this.options.log.error(`${this.options.name}: could not be killed`, { error });
    });
  }

  /** After the end of the process; answers with `swept`. */
  sweep(): void {
    this.letGo();
    void this.endWhatIsLeft();
  }

  private async endWhatIsLeft(): Promise<void> {
    const { name, ports, log, happened } = this.options;
    try {
      const pids = await ports.sweep();
      if (pids.length > 0) log.warn(`${name}: ended what it left behind`, { pids });
    } catch (error) {
      // The next process starts all the same: whatever this one left, two pollers are made impossible elsewhere.
      log.error(`${name}: what it left behind could not be ended`, { error: errorMessage(error) });
    }
    happened({ type: "swept" });
  }

  private spawnFailed(error: unknown): void {
    this.letGo();
    this.options.happened({ type: "spawn_failed", message: errorMessage(error) });
  }

  private letGo(): void {
    this.hangWatch?.end();
    this.hangWatch = undefined;
    this.process?.release();
    this.process = undefined;
    this.polling = { state: "stopped" };
    // Their agents end with it; the next process says what became of them.
    this.sessions = undefined;
  }

  private onMessage(value: unknown): void {
    this.hangWatch?.heard();
    const message = parseBotMessage(value);
    if (message === undefined) {
      this.options.log.debug(`${this.options.name}: sent a message that is not of the contract`);
    } else {
      this.onBotMessage(message);
    }
  }

  private onBotMessage(message: BotMessage): void {
    const { happened, reported, sent, closed } = this.options;
    switch (message.type) {
      case "hello":
        this.botId = message.botId;
        if (this.process?.hasChannel === true) this.hangWatch ??= this.watchForHang();
        happened({ type: "hello", stopDeadlineMs: message.stopDeadlineMs });
        reported();
        break;
      case "ready":
        happened({ type: "ready" });
        break;
      case "polling":
        this.polling = message.report;
        if (!begins.has(message.report.state))
          happened({ type: "reported", doing: describe(message.report) });
        reported();
        break;
      case "poll_completed":
        this.lastPollCompletedAt = message.at;
        reported();
        break;
      case "errors":
        this.errors = message.counts;
        reported();
        break;
      case "intake":
        this.intake = message.report;
        reported();
        break;
      case "sending":
        this.sending = message.report;
        reported();
        break;
      case "sessions":
        this.sessions = message.report;
        reported();
        break;
      case "sent":
        sent(message.chatId);
        break;
      case "closed":
        closed();
        break;
      case "restart_wanted":
        this.options.restartWanted(message.bot, message.userId);
        break;
      case "failed":
        this.lastWords = inOneLine(message.reason);
        break;
      case "pong":
        break;
    }
  }

  private watchForHang(): HangWatch {
    const { clock, policy, happened } = this.options;
    return new HangWatch({
      pingIntervalMs: policy.pingIntervalMs,
      hungAfterMs: policy.hungAfterMs,
      clock,
      ping: (sequence) => {
        this.tell({ type: "ping", sequence });
      },
      silent: (isSilent) => {
        this.silentSince = isSilent ? clock.now() : undefined;
        this.options.reported();
      },
      hung: (silentMs) => {
        happened({ type: "hung", silentMs });
      },
    });
  }
}

/** A bot that says only this has not come up yet: its start still has a deadline. */
const begins: ReadonlySet<PollingState> = new Set(["starting", "connecting"]);

/** A status line has no room for more. */
const longestWords = 400;

function inOneLine(words: string): string {
  const sentences = redact(words)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line, index, lines) =>
      index < lines.length - 1 && !/[.:;!?]$/.test(line) ? `${line}.` : line,
    );
  const line = sentences.join(" ");
  return line.length <= longestWords ? line : `${line.slice(0, longestWords)} ... (see its log)`;
}

function describe({ state, reason }: PollingReport): string {
  return reason === undefined ? state : `${state}: ${reason}`;
}
