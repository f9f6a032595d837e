import { watch } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import type { LogLine } from "../../control/contract/orders.ts";
import { type LogQuestion, readLogs } from "./read-logs.ts";

/** Where no file events come (a network disk). */
const slowCheckMs = 1_000;
const mostLines = 5_000;
/** Lines come in bursts. */
const gatherMs = 100;
/** A record's own stamp may be a little older than its place in the file. */
const overlapMs = 2_000;

/** New lines as they come, until the signal aborts. A line is told once, also over a rotation. */
export async function* followLogs(
  stateDir: string,
  question: LogQuestion,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  // More than is shown: what is older than the shown lines is not new either.
  let told: LogLine[] = await readLogs(stateDir, { ...question, lines: mostLines });
  yield* told.slice(-question.lines);
  let nudge = new AbortController();
  const watcher = watchQuietly(join(stateDir, "logs"), () => {
    nudge.abort();
  });
  try {
    while (!signal.aborted) {
      const woken = AbortSignal.any([signal, nudge.signal]);
      await clock.sleep(slowCheckMs, woken).catch(() => undefined);
      await clock.sleep(gatherMs, signal).catch(() => undefined);
      nudge = new AbortController();
      const since = Math.max(0, ...told.map(({ at }) => at)) - overlapMs;
      const now = await readLogs(stateDir, { ...question, since, lines: mostLines });
      yield* without(now, told);
      told = now.length === 0 ? told : now;
    }
  } finally {
    watcher?.close();
  }
}

/** Two equal lines of one moment are two: each one told takes one away. */
function without(lines: readonly LogLine[], told: readonly LogLine[]): LogLine[] {
  const counts = new Map<string, number>();
  for (const line of told) {
    const key = JSON.stringify(line);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return lines.filter((line) => {
    const key = JSON.stringify(line);
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left === 0;
  });
}

function watchQuietly(folder: string, onChange: () => void): ReturnType<typeof watch> | undefined {
  try {
    const watcher = watch(folder, onChange);
    // The slow check stands behind it.
    watcher.on("error", () => undefined);
    return watcher;
  } catch {
    return undefined;
  }
}
