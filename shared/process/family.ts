import { readdirSync } from "node:fs";
import { hasEnded, type ProcessStat, readStat } from "./proc-stat.ts";

/** All processes that live, by pid. */
export type ProcessTable = ReadonlyMap<number, ProcessStat>;

/** One pass over /proc, about 2 ms for 100 processes; empty where there is no /proc. */
export function readProcessTable(): ProcessTable {
  const table = new Map<number, ProcessStat>();
  let entries: string[];
  try {
    entries = readdirSync("/proc");
  } catch {
    return table;
  }
  for (const entry of entries) {
    const stat = /^\d+$/.test(entry) ? readStat(Number(entry)) : undefined;
    if (stat !== undefined && !hasEnded(stat)) table.set(stat.pid, stat);
  }
  return table;
}

/** One process: its pid and the start that makes it unmistakable. */
export type Member = Pick<ProcessStat, "pid" | "startTicks">;

/**
 * A process and all that came from it, followed from one table to the next: whoever was once seen as a member stays
 * one, also after its parent died and the kernel gave it another. Pure: works on the tables it is given.
 */
export class Family {
  private readonly known = new Map<number, Member>();
  private readonly group: number | undefined;
  private readonly outsiders: ReadonlySet<number>;

  /**
   * @param group the process group that belongs to the family as a whole; undefined for none
   * @param outsiders who never becomes a member, whatever mark it carries
   */
  constructor(members: readonly Member[], group: number | undefined, outsiders: readonly number[]) {
    for (const member of members) this.known.set(member.pid, member);
    this.group = group;
    this.outsiders = new Set([0, 1, ...outsiders]);
  }

  /** Forgets the dead, adds the marked, the group and all descendants; returns who lives. */
  update(table: ProcessTable, marked: readonly Member[] = []): ProcessStat[] {
    for (const member of this.known.values())
      if (table.get(member.pid)?.startTicks !== member.startTicks) this.known.delete(member.pid);
    for (const member of marked)
      if (table.get(member.pid)?.startTicks === member.startTicks) this.add(member);
    // The group's number cannot be given to another group while a member lives; with none left it proves nothing.
    if (this.groupLives(table)) {
      for (const stat of table.values()) if (stat.processGroup === this.group) this.add(stat);
    }
    this.addDescendants(table);
    return [...this.known.keys()].flatMap((pid) => table.get(pid) ?? []);
  }

  private groupLives(table: ProcessTable): boolean {
    return (
      this.group !== undefined &&
      [...this.known.keys()].some((pid) => table.get(pid)?.processGroup === this.group)
    );
  }

  private addDescendants(table: ProcessTable): void {
    for (let before = -1; before !== this.known.size; ) {
      before = this.known.size;
      for (const stat of table.values()) if (this.known.has(stat.parentPid)) this.add(stat);
    }
  }

  private add({ pid, startTicks }: Member): void {
    if (!this.outsiders.has(pid)) this.known.set(pid, { pid, startTicks });
  }
}

/** The members that came from these, each behind its parent. */
export function descendantsOf(
  ancestors: readonly ProcessStat[],
  members: readonly ProcessStat[],
): ProcessStat[] {
  const found: ProcessStat[] = [];
  const seen = new Set(ancestors.map(({ pid }) => pid));
  for (let parents = new Set(seen); parents.size > 0; ) {
    const children = members.filter(
      ({ pid, parentPid }) => parents.has(parentPid) && !seen.has(pid),
    );
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
    for (const pid of parents) seen.add(pid);
  }
  return found;
}

/** The same members, each behind its parent. */
export function parentsFirst(members: readonly ProcessStat[]): ProcessStat[] {
  const pids = new Set(members.map(({ pid }) => pid));
  const tops = members.filter(({ parentPid }) => !pids.has(parentPid));
  return [...tops, ...descendantsOf(tops, members)];
}
