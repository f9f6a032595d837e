import type { LogLine } from "../../control/contract/orders.ts";

const begins = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (ERROR|WARN|INFO|DEBUG) +\[([^\]]+)\] /;

/**
 * The records of a log. What follows a record without being one (a stack) belongs to it; what stands before the first
 * belongs to a record that is not here.
 */
export function parseLog(text: string): LogLine[] {
  const records: { at: number; level: LogLine["level"]; name: string; text: string }[] = [];
  for (const line of text.split("\n")) {
    const found = begins.exec(line);
    const last = records.at(-1);
    if (found !== null) {
      const [head, time = "", level = "", name = ""] = found;
      records.push({
        at: Date.parse(time),
        level: levels[level] ?? "info",
        name,
        text: line.slice(head.length),
      });
    } else if (last !== undefined && line !== "") last.text += `\n${line}`;
  }
  return records;
}

const levels: Readonly<Record<string, LogLine["level"]>> = {
  ERROR: "error",
  WARN: "warn",
  INFO: "info",
  DEBUG: "debug",
};

/** As it stands in the file. */
export function formatLogLine({ at, level, name, text }: LogLine): string {
  return `${new Date(at).toISOString()} ${level.toUpperCase().padEnd(5)} [${name}] ${text}`;
}
