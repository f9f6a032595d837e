import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Sample {
  /** `type[:subtype or content blocks][:flags]`, as its recorder named it. */
  readonly kind: string;
  readonly line: string;
}

export const versions = ["2.1.328", "2.1.197", "2.1.31"] as const;

/** Real lines of one version of Claude Code, texts and lists shortened. */
export function samplesOf(version: (typeof versions)[number]): Sample[] {
  const file = `../../../../fixtures/agents/samples/claude-${version}.jsonl`;
  return readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { kind, event } = JSON.parse(line) as { kind: string; event: unknown };
      return { kind, line: JSON.stringify(event) };
    });
}
