import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import type { LogLine } from "../../control/contract/orders.ts";
import { followLogs } from "../../inquiry/logs/follow-logs.ts";
import { formatLogLine } from "../../inquiry/logs/log-line.ts";
import { hasLogs, logsFolder, readLogs } from "../../inquiry/logs/read-logs.ts";
import { argumentsFor, stateDirHere } from "../arguments.ts";

const usage = "logs [-f] [--since 30s|10m|2h|1d|<time>] [--lines N] [--json] [bot|supervisor]";
const usualLines = 200;
const mostLines = 5_000;

/** `tg-supervisor logs`: what stands in the log files, supervisor or not; with `-f` what comes, until Ctrl-C. */
export async function logs(args: readonly string[]): Promise<number> {
  const { question, follow, json } = argumentsFor(usage, () => readArguments(args));
  const stateDir = stateDirHere();
  // Not where others read on: `logs --json` stays what it is.
  if (!(await hasLogs(stateDir)))
    console.error(
      `There are no logs yet. They will be in ${logsFolder(stateDir)} when a fleet runs here: npm run supervisor`,
    );
  const show = (line: LogLine): void => {
    console.log(json ? JSON.stringify(line) : formatLogLine(line));
  };
  if (follow) {
    const never = new AbortController().signal;
    for await (const line of followLogs(stateDir, question, systemClock, never)) show(line);
  } else for (const line of await readLogs(stateDir, question)) show(line);
  return exitCode.clean;
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      follow: { type: "boolean", short: "f", default: false },
      json: { type: "boolean", default: false },
      since: { type: "string" },
      lines: { type: "string", short: "n" },
    },
  });
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`${rest.join(" ")} is too much`);
  const since = values.since === undefined ? undefined : instantOf(values.since);
  const lines = Number(values.lines ?? (since === undefined ? usualLines : mostLines));
  if (!Number.isInteger(lines) || lines < 1 || lines > mostLines)
    throw new Error(`--lines takes 1 to ${mostLines}`);
  return { question: { name, since, lines }, follow: values.follow, json: values.json };
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `10m` ago, or a time as the log writes it. */
function instantOf(text: string): number {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  if (amount !== undefined && ms !== undefined) return systemClock.now() - Number(amount) * ms;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new Error(`--since takes 10m or a time, not "${text}"`);
  return instant;
}
