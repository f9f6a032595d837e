import { readdirSync, readFileSync } from "node:fs";

/** Pids of living processes (zombies excluded) whose environment holds this text. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) => pid !== process.pid && readProc(pid, "environ").includes(text) && !isZombie(pid),
    );
}

/** Whether a process lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  return readProc(pid, "status") !== "" && !isZombie(pid);
}

/** User and system time of a process in seconds. 100 ticks a second is what Linux tells user space everywhere. */
export function cpuSeconds(pid: number): number {
  const fields = readProc(pid, "stat")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(readProc(pid, "status"));
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
