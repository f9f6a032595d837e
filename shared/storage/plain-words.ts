import type { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "keys with values",
  record: "keys with values",
  string: "a text",
};

/** What is wrong with a value that a person wrote, where its schema has no words of its own. */
export function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    return issue.input === undefined
      ? "is missing"
      : `needs ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "too_small") {
    return limit(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
  }
  if (issue.code === "too_big") {
    return limit(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
  }
  if (issue.code === "invalid_value") return `is one of ${issue.values.map(String).join(", ")}`;
  return undefined;
}

function limit(origin: string, word: string, bound: number | bigint): string {
  const things: Readonly<Record<string, string>> = { string: " characters", array: " entries" };
  return `needs ${word} ${bound}${things[origin] ?? ""}`;
}
