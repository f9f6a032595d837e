import type { z } from "zod";
import { ConfigurationError } from "../../../../shared/errors.ts";
import { redact } from "../../../../shared/redact.ts";
import { inPlainWords } from "../../../../shared/storage/plain-words.ts";
import { type AgentOptions, agentOptionsSchema } from "./agent-settings.ts";

/**
 * What main's options say about agents; its other keys are others' business.
 * @throws ConfigurationError naming every key and what it takes
 */
export function readAgentOptions(options: Readonly<Record<string, unknown>>): AgentOptions {
  const checked = agentOptionsSchema.safeParse(options, { error: inPlainWords });
  if (checked.success) return checked.data;
  throw refusal(checked.error.issues.flatMap(problemsOf));
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${where([...issue.path, key])}: unknown key`);
  // zod says only "Invalid key" here; the reason stands one level deeper.
  const messages = issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [];
  return [`${where(issue.path)}: ${messages.length === 0 ? issue.message : messages.join(", ")}`];
}

function where(path: readonly PropertyKey[]): string {
  return ["fleet.yaml: bots.main.options", ...path.map(String)].join(".");
}

function refusal(problems: readonly string[]): ConfigurationError {
  return new ConfigurationError(
    `${problems.map(redact).join("\n")}\nCorrect fleet.yaml, then try again.`,
  );
}
