import { createLog, type Log, type LogLevel } from "../../shared/logger.ts";

export interface RecordingLog extends Log {
  readonly lines: string[];
  of(level: LogLevel): string[];
}

/** A real log (same format, same redaction) whose lines the test can read. */
export function recordingLog(label = "test"): RecordingLog {
  const lines: string[] = [];
  const log = createLog({ label, level: "debug", print: (line) => lines.push(line) });
  return {
    ...log,
    lines,
    of: (level) => lines.filter((line) => line.includes(` ${level.toUpperCase().padEnd(5)} [`)),
  };
}
