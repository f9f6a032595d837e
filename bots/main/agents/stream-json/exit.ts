import { redact } from "../../../../shared/redact.ts";
import type { AgentExit } from "../port.ts";
import type { AgentChildEnd } from "../process/agent-child.ts";

/** The end of an agent that was stopped while it waited for its start. */
export const neverStarted: AgentChildEnd = {
  code: null,
  signal: null,
  failure: undefined,
  errorTail: "",
};

/**
 * @param cause what was known before it ended; the first wins
 * @param refusal what it said when it could not resume
 */
export function exitOf(
  end: AgentChildEnd,
  cause: "stopped" | "resume_failed" | undefined,
  refusal: string,
): AgentExit {
  const { code, signal, failure, errorTail } = end;
  if (failure !== undefined)
    return { kind: "exit", cause: "not_started", code, signal, detail: failure };
  const detail = cause === "resume_failed" ? redact(refusal) : errorTail;
  return { kind: "exit", cause: cause ?? (code === 0 ? "ended" : "crashed"), code, signal, detail };
}
