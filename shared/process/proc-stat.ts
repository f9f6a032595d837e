import { readFileSync } from "node:fs";

/** What we need of one line of `/proc/PID/stat` (proc_pid_stat(5); the numbers in comments are its field numbers). */
export interface ProcessStat {
  readonly pid: number;
  /** Name of the program, cut to 15 bytes by the kernel: for people, never for a decision. */
  readonly command: string;
  /** 3: one letter, `Z` for a zombie. */
  readonly state: string;
  /** 4 */
  readonly parentPid: number;
  /** 5 */
  readonly processGroup: number;
  /** 14 and 15: clock ticks spent in user and in system mode, 100 a second everywhere on Linux. */
  readonly cpuTicks: number;
  /** 20 */
  readonly threads: number;
  /** 22: clock ticks after boot; with the pid it names one process for as long as the machine runs. */
  readonly startTicks: number;
  /** 24: pages of memory that are in the machine now. */
  readonly residentPages: number;
}

/** @returns undefined where the line is not what the kernel writes */
export function parseStat(line: string): ProcessStat | undefined {
  // The name stands in parentheses and may itself contain parentheses, spaces and line breaks: the last one closes it.
  const opening = line.indexOf("(");
  const closing = line.lastIndexOf(")");
  if (opening < 0 || closing < opening) return undefined;
  const fields = line
    .slice(closing + 1)
    .trim()
    .split(/\s+/);
  const field = (number: number): string => fields[number - 3] ?? "";
  const stat: ProcessStat = {
    pid: integer(line.slice(0, opening)),
    command: line.slice(opening + 1, closing),
    state: field(3),
    parentPid: integer(field(4)),
    processGroup: integer(field(5)),
    cpuTicks: integer(field(14)) + integer(field(15)),
    threads: integer(field(20)),
    startTicks: integer(field(22)),
    residentPages: integer(field(24)),
  };
  return Object.values(stat).some((value) => Number.isNaN(value)) ? undefined : stat;
}

function integer(text: string): number {
  const trimmed = text.trim();
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** @returns undefined when the process is gone, hidden from us, or there is no /proc */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/**
 * A zombie runs no code and waits only for its parent. The main thread of a program may be one while its other
 * threads run on: then the process lives.
 */
export function hasEnded(stat: ProcessStat): boolean {
  return (stat.state === "Z" || stat.state === "X") && stat.threads <= 1;
}

/** This process and those that it descends from, as far as they can be seen; not init. */
export function ownLine(): number[] {
  const line = [process.pid];
  for (;;) {
    const parent = readStat(line.at(-1) ?? 0)?.parentPid ?? 0;
    if (parent <= 1 || line.includes(parent)) return line;
    line.push(parent);
  }
}
