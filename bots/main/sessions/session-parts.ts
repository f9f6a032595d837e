import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Seats } from "./life/seats.ts";
import type {
  MessageFiles,
  MessageOnItsWay,
  SessionAgents,
  SessionChat,
  ToolProcesses,
} from "./ports.ts";
import type { SessionJournal } from "./queue/session-journal.ts";
import type { SessionStore } from "./record/session-store.ts";
import type { Fence } from "./scope/fence.ts";

export interface SessionLimits {
  /** Nothing heard of a turn for so long is told. A model that does not answer is tried for 3 min in silence. */
  readonly stallAfterMs: number;
  /** Forwarded messages come as a burst; a turn begins so long after the last of them. */
  readonly burstMs: number;
  /** An agent confirms an interrupt in 2-45 ms (facts/agent-cli.md, section 5), or it hangs. */
  readonly interruptMs: number;
  /** Between SIGTERM and SIGKILL: it writes its history down. */
  readonly stopGraceMs: number;
  readonly usualIdleTimeoutMs: number;
}

export const usualSessionLimits: SessionLimits = {
  stallAfterMs: 5 * 60_000,
  burstMs: 1_000,
  interruptMs: 2_000,
  stopGraceMs: 5_000,
  usualIdleTimeoutMs: 10 * 60_000,
};

/** What all sessions share. */
export interface SessionParts {
  readonly store: SessionStore;
  readonly journal: SessionJournal;
  readonly fence: Fence;
  readonly seats: Seats;
  readonly agents: SessionAgents;
  readonly chat: SessionChat;
  readonly tools: ToolProcesses;
  readonly files: MessageFiles;
  /** As in `/proc/<pid>/cmdline`; empty where it cannot be read. */
  readonly commandLineOf: (pid: number) => string;
  /** The oldest first. */
  readonly onTheirWay: () => readonly MessageOnItsWay[];
  readonly limits: SessionLimits;
  /** Aborts when the bot stops. */
  readonly closing: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}
