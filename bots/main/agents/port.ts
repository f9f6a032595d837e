import type { ProcessIdentity } from "../../../shared/process/identity.ts";

/** A picture that goes with a message. */
export interface AgentImage {
  readonly mediaType: string;
  readonly base64: string;
}

export interface AgentMessage {
  readonly text: string;
  readonly images: readonly AgentImage[];
}

/** What the agent asks a person: may this tool run, or which of these answers is right. */
export interface AgentRequest {
  /** The agent's own id of the request; unique in its process. */
  readonly id: string;
  readonly ask: PermissionAsk | QuestionAsk;
}

export interface PermissionAsk {
  readonly kind: "permission";
  readonly tool: string;
  /** All that the tool would be given, in words for a person, however long; empty where that is nothing. */
  readonly summary: string;
}

export interface QuestionAsk {
  readonly kind: "question";
  readonly questions: readonly AgentQuestion[];
}

export interface AgentQuestion {
  readonly header: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiSelect: boolean;
}

export type AgentReply =
  | { readonly kind: "allow" }
  | { readonly kind: "deny"; readonly message: string }
  /** Question text -> chosen label or free text. */
  | { readonly kind: "answers"; readonly answers: Readonly<Record<string, string>> };

export type TurnOutcome = "completed" | "aborted" | "failed";

export interface TurnUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface TurnEnd {
  readonly kind: "turn_end";
  /** `aborted` only after an interrupt of ours. */
  readonly outcome: TurnOutcome;
  /** The answer; of a failed turn the words to show; may be empty. */
  readonly text: string;
  /** Of this turn alone, in US dollars; undefined where the agent does not say. */
  readonly costUsd: number | undefined;
  readonly usage: TurnUsage | undefined;
}

/** Why the process is gone; `stopped` when `stop()` was called before. */
export interface AgentExit {
  readonly kind: "exit";
  readonly cause: "stopped" | "ended" | "crashed" | "resume_failed" | "not_started";
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last lines of its stderr, redacted, for a person; empty where it said nothing. */
  readonly detail: string;
}

export type AgentEvent =
  /** It understood its start; before any turn. */
  | { readonly kind: "ready" }
  /** The id to resume with, as soon as it is known, and again whenever it changes. */
  | { readonly kind: "resume_id"; readonly resumeId: string }
  /** Work began: by our message, or by itself when background work ended (`selfStarted`). */
  | { readonly kind: "turn_start"; readonly selfStarted: boolean }
  /** A piece of the answer that grows; the same words come again in `text`. */
  | { readonly kind: "partial"; readonly text: string }
  /** A whole block of the answer. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly summary: string }
  | { readonly kind: "tool_end"; readonly id: string; readonly failed: boolean }
  | { readonly kind: "request"; readonly request: AgentRequest }
  | { readonly kind: "request_withdrawn"; readonly id: string }
  /** Its model does not answer well; it tries again by itself. */
  | { readonly kind: "retrying"; readonly attempt: number; readonly error: string }
  /** How many pieces of background work it has now; 0 = none. */
  | { readonly kind: "background"; readonly tasks: readonly string[] }
  | TurnEnd
  /** Always the last event, exactly once; stdout has been read to its end before. */
  | AgentExit;

export interface AgentStart {
  /** Working folder; fixed for the life of the process. */
  readonly folder: string;
  /** Absent: a fresh conversation. `latest`: no id is known and the folder is the session's own. */
  readonly resume?: { readonly id: string } | "latest";
  readonly model?: string;
  /** The persona's system prompt. */
  readonly systemPrompt?: string;
  /** Put into the environment of the agent and all it starts, beside the allowlist: the sweep finds them by it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Whether a turn could be running, by the driver's own rule: from the write (or from a self-started turn) to its result. */
export type AgentState = "starting" | "idle" | "busy" | "stopping" | "gone";

/** One living agent. Listeners are called in order of the events, never before `start` has returned. */
export interface AgentProcess {
  /** Undefined where no process came to be, and while it waits for its start behind others; known when it is `ready`. */
  readonly identity: ProcessIdentity | undefined;
  readonly state: AgentState;
  /** Background work it has announced and not ended; not suspendable while above 0. */
  readonly backgroundTasks: number;
  /** Monotonic milliseconds: when it last said anything, also what becomes no event (thinking, subagents, new kinds). */
  readonly lastHeardMs?: number;
  subscribe(listener: (event: AgentEvent) => void): () => void;
  /**
   * One message, one turn: only when `idle`; tells `turn_start` before it returns. A `starting` agent takes it as its
   * first and begins right after `ready`. A turn that is cut by the end of the process has no end of its own: `exit` is.
   * @throws Error when busy or gone
   */
  send(message: AgentMessage): void;
  /** Resolves true when the turn is over through it, false when it did not confirm within `withinMs`. */
  interrupt(withinMs: number): Promise<boolean>;
  /** Resolves false when the request is not open any more. */
  answer(requestId: string, reply: AgentReply): boolean;
  /**
   * stdin closed, SIGTERM, `graceMs`, SIGKILL, then everything of its mark is swept and seen gone. Idempotent; called
   * again with less patience, the shorter grace holds.
   * @throws OperationError naming who does not end
   */
  stop(graceMs: number): Promise<AgentStopReport>;
}

export interface AgentStopReport {
  readonly root: "gone" | "ended" | "killed";
  /** Tools and others that had outlived or left it and had to be ended one by one. */
  readonly swept: number;
}

/** How one kind of agent is started and understood. One per configured agent. */
export interface AgentDriver {
  /** `claude`, `demo`, ... */
  readonly kind: string;
  /** What a person must install or mend before this agent can start; undefined when nothing. */
  missing(): string | undefined;
  /**
   * The program as it stands on this machine, asked for its version: only where a person wants to know. Absent for an
   * agent that comes with us.
   */
  examine?(): Promise<{ readonly file: string; readonly version: string | undefined }>;
  /** Never throws for what the program does: a program that cannot be started gives an `exit` event. */
  start(start: AgentStart): AgentProcess;
}
