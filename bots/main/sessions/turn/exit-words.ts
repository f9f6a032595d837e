import type { AgentExit } from "../../agents/port.ts";

/** Why a turn failed whose agent is gone, for a person. */
export function exitWords(agent: string, exit: AgentExit, missing: string | undefined): string {
  const what =
    exit.cause === "not_started"
      ? `The agent "${agent}" could not be started.`
      : `The agent "${agent}" ended in the middle of its work (${howItEnded(exit)}). The session goes on with your next message.`;
  // Its last words are no Markdown.
  const detail = exit.detail === "" ? "" : `\`\`\`\n${exit.detail}\n\`\`\``;
  return [what, missing ?? detail].filter((line) => line !== "").join("\n\n");
}

function howItEnded({ code, signal }: AgentExit): string {
  if (signal !== null) return `ended by ${signal}`;
  return code === null ? "nobody knows how" : `exit code ${code}`;
}
