import type { Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import { judge, type ProcessIdentity, sameProcess } from "../../../../shared/process/identity.ts";
import { findMarked, type MarkPredicate } from "../../../../shared/process/marker.ts";
import { sweepMarked, terminateTree } from "../../../../shared/process/terminate.ts";
import { readCommandLine } from "./command-line.ts";
import type { EndLeftovers, Suspect } from "./recover.ts";

export interface LeftoverOptions {
  /** Whether a mark is one of the agents of an earlier life of this bot. */
  readonly isLeftover: MarkPredicate;
  readonly clock: Clock;
  readonly log: Log;
}

/** It may still be writing its history down. */
const graceMs = 2_000;

/**
 * Ends the agents of an earlier life with all they started: those that carry its mark, and those that were recorded, if
 * pid and start still name the very process that was started and its command line (or its mark) is the same. A pid that
 * means another process by now is left alone.
 */
export function leftoverEnder({ isLeftover, clock, log }: LeftoverOptions): EndLeftovers {
  return async (suspects) => {
    const marked = findMarked(isLeftover).map(({ identity }) => identity);
    const recorded = suspects
      .filter((suspect) => isTheRecorded(suspect, marked, log))
      .map(({ process }) => process.identity);
    const ended = new Set<number>();
    const sweepAll = async (): Promise<void> => {
      const found = await sweepMarked(isLeftover, { graceMs, clock });
      for (const { pid } of [...marked, ...found]) ended.add(pid);
    };
    const endings = recorded.map(async (identity) => {
      await terminateTree({ identity, graceMs, clock });
      ended.add(identity.pid);
    });
    for (const result of await Promise.allSettled([...endings, sweepAll()])) {
      if (result.status === "fulfilled") continue;
      log.error("A left-over agent could not be ended.", { cause: errorMessage(result.reason) });
    }
    return ended.size;
  };
}

function isTheRecorded(
  { session, process: { identity, commandLine } }: Suspect,
  marked: readonly ProcessIdentity[],
  log: Log,
): boolean {
  if (judge(identity) !== "alive") return false;
  if (marked.some((found) => sameProcess(found, identity))) return true;
  if (commandLine !== "" && readCommandLine(identity.pid) === commandLine) return true;
  const { pid } = identity;
  log.warn("A process looks like a left-over agent, but not for sure; it is left alone.", {
    session,
    pid,
  });
  return false;
}
