import type { Clock } from "../clock.ts";
import { OperationError } from "../errors.ts";
import { descendantsOf, Family, parentsFirst, readProcessTable } from "./family.ts";
import { identifySelf, judge, type ProcessIdentity } from "./identity.ts";
import { ownLine, type ProcessStat, readStat } from "./proc-stat.ts";
import { endPolitely, sendSignal } from "./send-signal.ts";

export interface TerminationReport {
  /** The process itself: gone before we came, ended by itself within the grace, or killed. */
  readonly root: "gone" | "ended" | "killed";
  /** Others that had to be signalled one by one, because they had left the group or had outlived it. */
  readonly survivors: readonly ProcessIdentity[];
  readonly tookMs: number;
}

export interface TerminationPorts {
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Ends the grace, not the work. */
  readonly signal: AbortSignal | undefined;
  /** Members that only their mark shows. */
  findMarked(): readonly ProcessIdentity[];
}

/** Whoever is found outside of the group gets no longer than this between SIGTERM and SIGKILL. */
const survivorGraceMs = 1_000;
/** SIGKILL works at once unless the kernel itself hangs with the process (a dead network disk). */
const killedWithinMs = 5_000;
/** A fork bomb could go on for ever. */
const longestMs = 30_000;
/** Between two looks: short at first, because most processes end in a few milliseconds. */
const shortestPauseMs = 5;
const longestPauseMs = 100;

/** When a member got its SIGTERM and its SIGKILL, in monotonic milliseconds. */
interface Fate {
  readonly identity: ProcessIdentity;
  termMs?: number;
  killMs?: number;
  alone: boolean;
}

/**
 * The course of one termination, from the first signal to the proof that nothing is left. SIGKILL goes to parents before
 * their children, all in one go: a script whose command was killed before it goes on to its next line, an agent whose tool
 * was killed goes on with its turn. Linux only: it reads /proc.
 */
export class Termination {
  private readonly fates = new Map<string, Fate>();
  /** When the group (or the root alone, where it leads none) got its SIGTERM. */
  private groupTermMs: number | undefined;
  private readonly family: Family;
  /** The group that root leads and we are not in. */
  private readonly group: number | undefined;
  private readonly startedMs: number;
  private rootKilled = false;
  private readonly ports: TerminationPorts;
  private readonly root: ProcessStat | undefined;

  /** @param root undefined when it is gone already, or for a sweep */
  constructor(ports: TerminationPorts, root: ProcessStat | undefined) {
    this.ports = ports;
    this.root = root;
    this.startedMs = ports.clock.monotonic();
    const ownGroup = readStat(process.pid)?.processGroup;
    this.group =
      root !== undefined && root.processGroup === root.pid && root.pid !== ownGroup
        ? root.pid
        : undefined;
    this.family = new Family(root === undefined ? [] : [root], this.group, ownLine());
  }

  async run(): Promise<TerminationReport> {
    let pauseMs = shortestPauseMs;
    // Twice in a row, because a process in the midst of an exec has no environment for a moment.
    for (let quietLooks = 0; ; ) {
      const living = this.look();
      quietLooks = living.length === 0 ? quietLooks + 1 : 0;
      if (quietLooks === 2) break;
      if (quietLooks === 1) pauseMs = shortestPauseMs;
      for (const stat of living) this.fateOf(stat);
      this.signalDue(living);
      this.giveUpIfHopeless(living);
      await this.pause(pauseMs);
      pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    }
    const survivors = [...this.fates.values()].filter(({ alone }) => alone);
    return {
      root: this.root === undefined ? "gone" : this.rootKilled ? "killed" : "ended",
      survivors: survivors.map(({ identity }) => identity),
      tookMs: this.now() - this.startedMs,
    };
  }

  private look(): ProcessStat[] {
    const marked = this.ports
      .findMarked()
      .flatMap(({ pid, startTicks }) => (startTicks === null ? [] : [{ pid, startTicks }]));
    return this.family.update(readProcessTable(), marked);
  }

  private signalDue(living: readonly ProcessStat[]): void {
    const root = living.find((stat) => this.isRoot(stat));
    const inGroup = living.filter((stat) => this.isRoot(stat) || stat.processGroup === this.group);
    if (root !== undefined && this.groupTermMs === undefined) {
      this.groupTermMs = this.now();
      this.signalGroup(inGroup, "SIGTERM");
    } else if (inGroup.length > 0 && this.isOver(this.groupTermMs, this.ports.graceMs)) {
      this.rootKilled ||= root !== undefined;
      this.signalGroup(inGroup, "SIGKILL");
      for (const stat of descendantsOf(inGroup, living))
        this.signalOne(this.fateOf(stat), "SIGKILL");
    }
    // The others have time until the root has ended or is killed: it may be ending them itself, in its own order. Not until
    // all of its group is gone: one that does not die must not keep them.
    if (inGroup.some((stat) => this.fateOf(stat).killMs === undefined)) return;
    const graceMs =
      this.root === undefined ? this.ports.graceMs : Math.min(this.ports.graceMs, survivorGraceMs);
    const due: ProcessStat[] = [];
    for (const stat of living) {
      if (inGroup.includes(stat)) continue;
      const fate = this.fateOf(stat);
      fate.alone = true;
      if (fate.termMs === undefined) this.signalOne(fate, "SIGTERM");
      else if (fate.killMs === undefined && this.isOver(fate.termMs, graceMs)) due.push(stat);
    }
    for (const stat of parentsFirst(due)) this.signalOne(this.fateOf(stat), "SIGKILL");
  }

  private signalGroup(members: readonly ProcessStat[], signal: "SIGTERM" | "SIGKILL"): void {
    const fates = members.map((stat) => this.fateOf(stat));
    const { group } = this;
    // One member that is proven to live proves the group.
    if (group !== undefined && fates.some(({ identity }) => judge(identity) === "alive"))
      send(-group, signal);
    for (const fate of fates) {
      if (group === undefined) this.signalOne(fate, signal);
      else this.note(fate, signal);
    }
  }

  private signalOne(fate: Fate, signal: "SIGTERM" | "SIGKILL"): void {
    this.note(fate, signal);
    const { pid } = fate.identity;
    if (pid > 1 && pid !== process.pid && judge(fate.identity) === "alive") send(pid, signal);
  }

  private note(fate: Fate, signal: "SIGTERM" | "SIGKILL"): void {
    if (signal === "SIGKILL") fate.killMs ??= this.now();
    fate.termMs ??= this.now();
  }

  private giveUpIfHopeless(living: readonly ProcessStat[]): void {
    const undead = living.filter((stat) => {
      const { killMs } = this.fateOf(stat);
      return killMs !== undefined && this.now() - killMs > killedWithinMs;
    });
    const tooLong = this.now() - this.startedMs > this.ports.graceMs + longestMs;
    if (undead.length === 0 && !tooLong) return;
    const named = (undead.length > 0 ? undead : living).map(
      ({ pid, command, state }) => `${pid} (${command}, state ${state})`,
    );
    throw new OperationError(
      `These processes do not end: ${named.join(", ")}. Look at them with ps; state D waits for a device ` +
        "or disk, another user's process must be ended by that user or root.",
    );
  }

  private isRoot(stat: ProcessStat): boolean {
    return stat.pid === this.root?.pid && stat.startTicks === this.root.startTicks;
  }

  private isOver(sinceMs: number | undefined, graceMs: number): boolean {
    if (sinceMs === undefined || this.ports.signal?.aborted === true) return true;
    return this.now() - sinceMs >= graceMs;
  }

  private fateOf({ pid, startTicks }: ProcessStat): Fate {
    const key = `${pid}:${startTicks}`;
    const known = this.fates.get(key);
    if (known !== undefined) return known;
    const fate: Fate = { identity: { ...identifySelf(), pid, startTicks }, alone: false };
    this.fates.set(key, fate);
    return fate;
  }

  private now(): number {
    return this.ports.clock.monotonic();
  }

  private async pause(ms: number): Promise<void> {
    const { clock, signal } = this.ports;
    try {
      await clock.sleep(ms, signal?.aborted === true ? undefined : signal);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  }
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  if (signal === "SIGTERM") endPolitely(pid);
  else sendSignal(pid, signal);
}
