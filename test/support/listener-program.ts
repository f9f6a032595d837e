import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HistoryEntry, parseEntry } from "../../shared/lifecycle/records/history.ts";
import { Program, repositoryRoot } from "./program.ts";

function start(fixture: string, args: readonly string[], stdin: "pipe" | "ignore"): Program {
  const file = join(repositoryRoot, "test/fixtures", fixture);
  return new Program(["--import", "tsx", file, ...args], { cwd: repositoryRoot, env: {}, stdin });
}

/** A process that listens on this root until it is closed or terminated. */
export function startListener(root: string, drainMs = 0): Program {
  return start("listener-simple.ts", [root, String(drainMs)], "ignore");
}

/** A process that closes this root when a line is written to it. */
export function startCloser(root: string): Program {
  return start("listener-closer.ts", [root], "pipe");
}

export function historyOf(root: string): HistoryEntry[] {
  return readFileSync(join(root, "history.md"), "utf8")
    .split("\n")
    .flatMap((line) => parseEntry(line) ?? []);
}

export const eventsOf = (root: string): string[] => historyOf(root).map(({ event }) => event);
