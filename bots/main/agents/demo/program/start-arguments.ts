import { parseArgs } from "node:util";

/** What the demo agent reads of its command line, which is Claude's. */
export interface StartArguments {
  readonly model: string;
  readonly skipsPermissions: boolean;
  readonly resume: { readonly id: string } | "latest" | undefined;
}

export function readArguments(args: readonly string[]): StartArguments {
  const { values } = parseArgs({
    args: [...args],
    // Flags of the real one that mean nothing here.
    strict: false,
    options: {
      model: { type: "string" },
      resume: { type: "string" },
      continue: { type: "boolean" },
      "dangerously-skip-permissions": { type: "boolean" },
      "input-format": { type: "string" },
      "output-format": { type: "string" },
      "permission-mode": { type: "string" },
      "permission-prompt-tool": { type: "string" },
    },
  });
  const resumed = typeof values["resume"] === "string" ? { id: values["resume"] } : undefined;
  return {
    model: typeof values["model"] === "string" ? values["model"] : "demo",
    skipsPermissions: values["dangerously-skip-permissions"] === true,
    resume: resumed ?? (values["continue"] === true ? "latest" : undefined),
  };
}
