import type { z } from "zod";
import { ConfigurationError } from "../errors.ts";
import { inPlainWords } from "../storage/plain-words.ts";

/**
 * The options of a bot of `bots/`, checked.
 * @param botName whose options they are
 * @throws ConfigurationError with the path of every problem
 */
export function readBotOptions<Value>(
  botName: string,
  options: Readonly<Record<string, unknown>>,
  schema: z.ZodType<Value>,
): Value {
  const checked = schema.safeParse(options, { error: inPlainWords });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `${pathOf(botName, [...issue.path, key])}: unknown key`)
      : [`${pathOf(botName, issue.path)}: ${issue.message}`],
  );
  throw new ConfigurationError(`${problems.join("\n")}\nCorrect fleet.yaml, then try again.`);
}

function pathOf(botName: string, path: readonly PropertyKey[]): string {
  const keys = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return `bots.${botName}.options${keys.join("")}`;
}
