import type { IntakeReport } from "../../shared/contract/intake-report.ts";
import type { ErrorCounts } from "../../shared/contract/ipc.ts";
import type { PollingReport } from "../../shared/contract/polling-report.ts";
import type { SendingReport } from "../../shared/contract/sending-report.ts";
import type { SessionsReport } from "../../shared/contract/session-report.ts";
import type { ProcessIdentity } from "../../shared/process/identity.ts";
import type { ChildState } from "./state/child-record.ts";

export type BotRole = "main" | "auxiliary";

/** What an operator sees of one bot. Instants are epoch milliseconds. */
export interface BotView {
  readonly name: string;
  readonly role: BotRole;
  readonly state: ChildState;
  /** Why it is in this state. */
  readonly reason: string;
  /** Since when it is in this state. */
  readonly since: number;
  /** undefined while no process runs. */
  readonly pid: number | undefined;
  readonly identity: ProcessIdentity | undefined;
  /** When the present process was started. */
  readonly startedAt: number | undefined;
  /** Since when a question for a sign of life has no answer; it may be busy, or hang. */
  readonly silentSince: number | undefined;
  /** The bot's own report of its receiving side; `stopped` while no process runs. */
  readonly polling: PollingReport;
  /** Known once the bot has said hello, and kept. */
  readonly botId: number | undefined;
  readonly lastPollCompletedAt: number | undefined;
  readonly errors: ErrorCounts;
  /** How far it is with its updates, as it last said. */
  readonly intake: IntakeReport | undefined;
  /** What it still has to send, as it last said. */
  readonly sending: SendingReport | undefined;
  /** What its agents work on, as it last said; undefined while no process runs. */
  readonly sessions: SessionsReport | undefined;
  /** After ends that nobody had asked for, since the supervisor's start. */
  readonly restarts: number;
  readonly crashes: number;
  /** When it is tried again, while it waits. */
  readonly nextTryAt: number | undefined;
}

export type FleetEvent =
  /** A bot as it is now; every one differs from the one before. */
  | { readonly type: "bot"; readonly bot: BotView }
  /** A bot that shares its token writes to a chat. */
  | { readonly type: "sent"; readonly name: string; readonly chatId: number | string }
  /** The bot belongs to the fleet no more; nothing of it runs. */
  | { readonly type: "removed"; readonly name: string }
  /** An operator closed the bot through its lifecycle files; it stops and stays down. */
  | { readonly type: "closed"; readonly name: string }
  /** A user of the bot `name` asked for the restart of another one (or of itself). */
  | {
      readonly type: "restart_wanted";
      readonly name: string;
      readonly bot: string;
      readonly userId: number;
    }
  /** Once when a bot is given up, and once when it runs stably again. */
  | {
      readonly type: "announcement";
      readonly name: string;
      readonly what: "given_up" | "recovered";
      readonly reason: string;
    };
