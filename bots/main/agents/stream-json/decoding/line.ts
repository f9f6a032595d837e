import type { AgentRequest, TurnUsage } from "../../port.ts";

/** What one line of the agent means to us. A line may hold several of them, or none. */
export type Line =
  /** A turn begins. */
  | { readonly kind: "init"; readonly sessionId: string | undefined }
  /** The turn goes on, with nothing to show: thinking, the frame of a stream. */
  | { readonly kind: "activity" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "partial"; readonly text: string }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly summary: string }
  | { readonly kind: "tool_end"; readonly id: string; readonly failed: boolean }
  | { readonly kind: "result"; readonly result: TurnResult }
  | { readonly kind: "ask"; readonly request: AgentRequest; readonly input: unknown }
  /** A request that we do not know; unanswered it would wait for ever. */
  | { readonly kind: "foreign_request"; readonly id: string; readonly subtype: string }
  | { readonly kind: "withdrawn"; readonly id: string }
  /** The answer to a control request of ours. */
  | { readonly kind: "answered"; readonly id: string; readonly error: string | undefined }
  | { readonly kind: "retry"; readonly attempt: number; readonly error: string }
  /** All background work, as the newest version tells it. */
  | { readonly kind: "tasks"; readonly tasks: readonly string[] }
  /** The same as pairs, as older ones tell it. */
  | { readonly kind: "task_started"; readonly id: string; readonly description: string }
  | { readonly kind: "task_ended"; readonly id: string }
  /** It says that no turn runs. */
  | { readonly kind: "session_idle" }
  /** A kind that we do not know; new ones appear without notice. */
  | { readonly kind: "unknown"; readonly label: string }
  /** No JSON, or no object. */
  | { readonly kind: "broken" };

export interface TurnResult {
  /** `error`: the CLI's own word for an aborted or failed run; `refused`: an API error told as a success. */
  readonly verdict: "success" | "refused" | "error";
  /** The answer, or the words of the failure. */
  readonly text: string;
  /** 0: it ended before a turn began. */
  readonly turns: number | undefined;
  /** Turns that the CLI has queued and will run by itself. */
  readonly queuedTurns: number;
  /** Of this turn, where the version says so. */
  readonly turnCostUsd: number | undefined;
  /** Of the process so far. */
  readonly totalCostUsd: number | undefined;
  readonly usage: TurnUsage | undefined;
}
