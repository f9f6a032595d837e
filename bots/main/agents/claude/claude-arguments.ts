import type { AgentStart } from "../port.ts";

/** What an agent may do without asking. */
export type PermissionMode = "ask" | "accept_edits" | "plan" | "skip";

/**
 * Flags that all known versions of the CLI take. The persona is not among them: as a flag it would be frozen into the
 * conversation by the newest one.
 */
export function claudeArguments(
  start: Pick<AgentStart, "resume" | "model">,
  mode: PermissionMode,
): readonly string[] {
  return [
    "-p",
    "--input-format",
    "stream-json",
    "--output-format",
    "stream-json",
    "--verbose",
    "--include-partial-messages",
    // Undocumented, on all versions: questions to the user come to us, also where permissions are skipped.
    "--permission-prompt-tool",
    "stdio",
    ...permissionFlags[mode],
    ...(start.model === undefined ? [] : ["--model", start.model]),
    ...resumeFlags(start.resume),
  ];
}

const permissionFlags: Readonly<Record<PermissionMode, readonly string[]>> = {
  // The default has two names, by version; it needs none.
  ask: [],
  accept_edits: ["--permission-mode", "acceptEdits"],
  plan: ["--permission-mode", "plan"],
  skip: ["--dangerously-skip-permissions"],
};

function resumeFlags(resume: AgentStart["resume"]): readonly string[] {
  if (resume === undefined) return [];
  return resume === "latest" ? ["--continue"] : ["--resume", resume.id];
}

/** Names come from people; one that looks like a flag would be one. */
export function refuseFlags(start: Pick<AgentStart, "resume" | "model">): string | undefined {
  if (start.model?.startsWith("-") === true) return `"${start.model}" is no name of a model.`;
  const id = typeof start.resume === "object" ? start.resume.id : undefined;
  return id?.startsWith("-") === true ? `"${id}" is no id of a conversation.` : undefined;
}
