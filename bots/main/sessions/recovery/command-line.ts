import { readFileSync } from "node:fs";

/** As in `/proc/<pid>/cmdline`, blanks between; empty where it cannot be read. */
export function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
