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

/** The newest lines of the logs of a state directory, oldest first. @throws UsageError for a name without a log */
export async function readLogs(stateDir: string, question: LogQuestion): Promise<LogLine[]> {
  const folder = join(stateDir, "logs");
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

/** The files of each log, newest first. */
async function chosenLogs(folder: string, name: string | undefined): Promise<string[][]> {
  const logs = new Map<string, { file: string; number: number }[]>();
  for (const file of await namesIn(folder)) {
    const [, log, number = "0"] = /^(\w+)\.log(?:\.(\d+))?$/.exec(file) ?? [];
    if (log !== undefined)
      logs.set(log, [...(logs.get(log) ?? []), { file, number: Number(number) }]);
  }
  if (name !== undefined && !logs.has(name))
    throw new UsageError(
      `There is no log of "${name}". There are: ${[...logs.keys()].join(", ")}.`,
    );
  return [...logs]
    .filter(([log]) => name === undefined || log === name)
    .map(([, files]) => files.toSorted((a, b) => a.number - b.number).map(({ file }) => file));
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
