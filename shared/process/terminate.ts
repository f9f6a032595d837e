import { execFile } from "node:child_process";
import treeKill from "tree-kill";
import type { Clock } from "../clock.ts";
import { OperationError } from "../errors.ts";
import { judge, type ProcessIdentity } from "./identity.ts";
import { findMarked, type MarkPredicate } from "./marker.ts";
import { readStat } from "./proc-stat.ts";
import { endPolitely, sendSignal } from "./send-signal.ts";
import { findProgram } from "./start/program.ts";
import { Termination, type TerminationReport } from "./termination.ts";

export interface SweepOptions {
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Ends the grace, not the work: whoever still lives is killed at once. */
  readonly signal?: AbortSignal;
}

export interface TerminationOptions extends SweepOptions {
  readonly identity: ProcessIdentity;
  /** Finds those who left group and tree; they are ended too. */
  readonly markPredicate?: MarkPredicate;
}

/**
 * Ends a process with all that came from it: SIGTERM to its group, after the grace SIGKILL to its group and tree, then
 * the survivors found by descent and by mark. Resolves when nothing of it is left; zombies run no code and count as
 * gone. Each signal follows a fresh look at the identity: a pid that means another process by now is left alone, and so
 * are pid 1, this process and its group.
 * @throws OperationError naming whoever cannot be identified or does not die
 */
export async function terminateTree(options: TerminationOptions): Promise<TerminationReport> {
  const { identity, markPredicate = () => false } = options;
  const judgement = judge(identity);
  if (judgement === "unknown") {
    if (process.platform !== "linux" && identity.startTicks === null) return endByPid(options);
    throw new OperationError(
      `Process ${identity.pid} cannot be identified from here, so it is not signalled. ` +
        "Look at it in its own container or as its own user, and end it there.",
    );
  }
  const stat = judgement === "alive" ? readStat(identity.pid) : undefined;
  const root = stat?.startTicks === identity.startTicks ? stat : undefined;
  return new Termination(portsFor(options, markPredicate), root).run();
}

/**
 * Ends all processes whose mark fits, with their descendants.
 * @returns who was found
 * @throws OperationError naming whoever does not die
 */
export async function sweepMarked(
  predicate: MarkPredicate,
  options: SweepOptions,
): Promise<readonly ProcessIdentity[]> {
  return (await new Termination(portsFor(options, predicate), undefined).run()).survivors;
}

function portsFor(options: SweepOptions, predicate: MarkPredicate) {
  const { graceMs, clock, signal } = options;
  return {
    graceMs,
    clock,
    signal,
    findMarked: () => findMarked(predicate).map(({ identity }) => identity),
  };
}

/**
 * Where the system tells no start times (not Linux) a pid is all there is: it is believed, because callers pass
 * children of their own, whose pid is theirs until they are reaped.
 */
async function endByPid({ identity, graceMs, clock, signal }: TerminationOptions) {
  const { pid } = identity;
  const startedMs = clock.monotonic();
  const target = sendSignal(-pid, 0) ? -pid : pid;
  const report = (root: TerminationReport["root"]): TerminationReport => ({
    root,
    survivors: [],
    tookMs: clock.monotonic() - startedMs,
  });
  if (!endPolitely(target)) return report("gone");
  const isGoneWithin = async (ms: number): Promise<boolean> => {
    const sinceMs = clock.monotonic();
    while (sendSignal(target, 0)) {
      if (clock.monotonic() - sinceMs >= ms) return false;
      await clock.sleep(20);
    }
    return true;
  };
  if (await isGoneWithin(signal?.aborted === true ? 0 : graceMs)) return report("ended");
  await killTree(pid, clock);
  sendSignal(target, "SIGKILL");
  if (await isGoneWithin(5_000)) return report("killed");
  throw new OperationError(`Process ${pid} does not end. Look at it with ps.`);
}

/**
 * tree-kill, where it can do no harm: it starts `ps` without listening for an error, so without `ps`, or when nothing
 * can be started any more, it would end this process. Only where there is no /proc: it kills children before their
 * parents, who may go on for a moment.
 */
async function killTree(pid: number, clock: Clock): Promise<void> {
  const ps = findProgram("ps");
  if (ps === undefined || !(await canRun(ps, pid))) return;
  const done = new AbortController();
  await Promise.race([
    new Promise<void>((resolve) => {
      treeKill(pid, "SIGKILL", () => {
        resolve();
      });
    }),
    // A hanging `ps` must not hold up the rest.
    clock.sleep(2_000, done.signal).catch(() => {}),
  ]);
  done.abort();
}

/** Exit code 1 means "no children" and is an answer too. */
function canRun(ps: string, pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(
      ps,
      ["-o", "pid", "--no-headers", "--ppid", String(pid)],
      { timeout: 2_000 },
      (error) => {
        resolve(error === null || error.code === 1);
      },
    );
  });
}
