import type { Clock } from "../../shared/clock.ts";
import { errorMessage } from "../../shared/errors.ts";
import { identifySelf, judge, type ProcessIdentity } from "../../shared/process/identity.ts";
import {
  findMarked,
  isOwnedBy,
  type Mark,
  type MarkOwner,
  markVariable,
  parseMark,
} from "../../shared/process/marker.ts";
import { sweepMarked, terminateTree } from "../../shared/process/terminate.ts";

/** What an earlier supervisor wrote down about a bot. */
interface RecordedBot {
  readonly name: string;
  readonly identity: ProcessIdentity;
}

export interface OrphanSweepOptions {
  /** From `fleetId()`. */
  readonly fleet: string;
  /** The bots in the last status file, and the supervisor that wrote it; undefined where there is none. */
  readonly recorded:
    | { readonly owner: ProcessIdentity; readonly bots: readonly RecordedBot[] }
    | undefined;
  readonly clock: Clock;
  /** Between SIGTERM and SIGKILL; by default what a bot has to end itself after the loss of its supervisor. */
  readonly graceMs?: number;
}

export interface OrphanSweepReport {
  readonly ended: readonly { readonly name: string; readonly pid: number }[];
  /** Who could not be ended, in words for an operator. */
  readonly problems: readonly string[];
}

/** Design, invariant 8: without their supervisor bots end themselves within 5 s. */
const orphanGraceMs = 5_000;

/**
 * Ends what dead supervisors of this fleet left: by the mark in its environment, or by the record of the last status
 * file where the mark cannot be read. Only what is proven: the owner is dead, and the process is the one that was
 * started. Call it while holding main's polling lock, before the first bot is started.
 */
export async function sweepOrphans(options: OrphanSweepOptions): Promise<OrphanSweepReport> {
  const { fleet, recorded, clock, graceMs = orphanGraceMs } = options;
  const ownMark = parseMark(process.env[markVariable] ?? "");
  const isOrphan = (mark: Mark): boolean =>
    mark.fleet === fleet && isDead(mark.owner) && !isSameMark(mark, ownMark);
  const ended = new Map<number, string>();
  const problems: string[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      problems.push(errorMessage(error));
    }
  };

  await attempt(async () => {
    const names = new Map(
      findMarked(isOrphan).map((found) => [found.identity.pid, found.mark.bot]),
    );
    for (const { pid } of await sweepMarked(isOrphan, { graceMs, clock }))
      ended.set(pid, names.get(pid) ?? "a child of theirs");
  });
  if (recorded !== undefined && judge(recorded.owner) === "dead") {
    for (const { name, identity } of recorded.bots) {
      if (judge(identity) !== "alive") continue;
      await attempt(async () => {
        await terminateTree({ identity, graceMs, clock });
        ended.set(identity.pid, name);
      });
    }
  }
  return { ended: [...ended].map(([pid, name]) => ({ name, pid })), problems };
}

/** Marks of another boot cannot be met: no environment outlives its process. */
function isDead(owner: MarkOwner): boolean {
  return judge({ ...identifySelf(), ...owner }) === "dead";
}

/**
 * A supervisor started by an agent of a dead one carries that agent's mark, and so do the agent and the shell that it
 * runs in. They are left to end by themselves.
 */
function isSameMark(mark: Mark, own: Mark | undefined): boolean {
  return (
    own !== undefined &&
    mark.fleet === own.fleet &&
    mark.bot === own.bot &&
    isOwnedBy(mark, own.owner)
  );
}
