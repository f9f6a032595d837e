import { open } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode, UsageError } from "../../../shared/errors.ts";
import type { LogLine } from "../../control/contract/orders.ts";
import { namesIn } from "../names-in.ts";
import { parseLog } from "./log-line.ts";

/** What most questions need; the whole of a file is 10 MB. */
const usualBytes = 512 * 1024;

export interface LogQuestion {
  /** All where it is not given. */
  readonly name?: string | undefined;
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  readonly lines: number;
}

/** Where the logs of a state directory are. */
export function logsFolder(stateDir: string): string {
  return join(stateDir, "logs");
}

/** False where nothing of this fleet has ever written one. */
export async function hasLogs(stateDir: string): Promise<boolean> {
  return (await logsIn(logsFolder(stateDir))).size > 0;
}

/**
 * The newest lines of the logs of a state directory, oldest first; none where there are no logs at all.
 * @throws UsageError for a name without a log among others
 */
export async function readLogs(stateDir: string, question: LogQuestion): Promise<LogLine[]> {
  const folder = logsFolder(stateDir);
  const { since = Number.NEGATIVE_INFINITY, lines } = question;
  const all: LogLine[] = [];
  for (const files of await chosenLogs(folder, question.name)) {
    const own: LogLine[] = [];
    // Newest file first; older ones only as far as they are needed.
    for (const file of files) {
      const path = join(folder, file);
      let records = parseLog(await readEnd(path, usualBytes));
      const isEnough = records.length >= lines || (records[0]?.at ?? since) < since;
      if (!isEnough) records = parseLog(await readEnd(path, Number.POSITIVE_INFINITY));
      own.unshift(...records.filter(({ at }) => at >= since));
      if (own.length >= lines || (records[0]?.at ?? since) < since) break;
    }
    all.push(...own.slice(-lines));
  }
  // The order of lines of one moment stays: the sort is stable.
  return all.toSorted((a, b) => a.at - b.at).slice(-lines);
}

interface LogFile {
  readonly file: string;
  /** 0 for the one that grows. */
  readonly number: number;
}

/** The files of each log, newest first. */
async function chosenLogs(folder: string, name: string | undefined): Promise<string[][]> {
  const logs = await logsIn(folder);
  if (name !== undefined && logs.size > 0 && !logs.has(name))
    throw new UsageError(
      `There is no log of "${name}". There are: ${[...logs.keys()].join(", ")}.`,
    );
  return [...logs]
    .filter(([log]) => name === undefined || log === name)
    .map(([, files]) => files.toSorted((a, b) => a.number - b.number).map(({ file }) => file));
}

async function logsIn(folder: string): Promise<Map<string, LogFile[]>> {
  const logs = new Map<string, LogFile[]>();
  for (const file of await namesIn(folder)) {
    const [, log, number = "0"] = /^(\w+)\.log(?:\.(\d+))?$/.exec(file) ?? [];
    if (log !== undefined)
      logs.set(log, [...(logs.get(log) ?? []), { file, number: Number(number) }]);
  }
  return logs;
}

/** The last bytes of a file; nothing where a rotation has renamed it in between. */
async function readEnd(path: string, bytes: number): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - bytes);
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - start),
        0,
        size - start,
        start,
      );
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return "";
    throw error;
  }
}
