import { spawnSync } from "node:child_process";
import { isMainThread } from "node:worker_threads";
import { findProgram } from "./program.ts";

export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
}

let setpriv: string | null | undefined;

/**
 * The same program, but the kernel sends it SIGTERM when its parent dies (Linux with util-linux' setpriv; elsewhere
 * unchanged). setpriv replaces itself by the program, so pid, group and IPC channel are the program's own.
 *
 * A second net only, beside the IPC channel: nothing comes when the parent died before setpriv ran, the program's own
 * children do not inherit it, and it is dropped by a program that changes its user.
 */
export function wrapWithDeathSignal(file: string, args: readonly string[]): ProgramCall {
  // The signal belongs to the parent's thread: started from a worker it would come when the worker ends.
  const wrapper = isMainThread ? findSetpriv() : undefined;
  return wrapper === undefined
    ? { file, args }
    : { file: wrapper, args: ["--pdeathsig", "TERM", "--", file, ...args] };
}

function findSetpriv(): string | undefined {
  setpriv ??= process.platform === "linux" ? (usableSetpriv() ?? null) : null;
  return setpriv ?? undefined;
}

/** BusyBox has a setpriv too, without this option. */
function usableSetpriv(): string | undefined {
  const path = findProgram("setpriv");
  if (path === undefined) return undefined;
  const help = spawnSync(path, ["--help"], { encoding: "utf8", timeout: 2_000 });
  return help.stdout?.includes("--pdeathsig") ? path : undefined;
}
