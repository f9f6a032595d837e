import { memoryUsage } from "node:process";
import type { Clock } from "../../../shared/clock.ts";
import { Family, readProcessTable } from "../../../shared/process/family.ts";
import type { ProcessIdentity } from "../../../shared/process/identity.ts";
import type { ProcessStat } from "../../../shared/process/proc-stat.ts";
import type { Usage } from "../../control/contract/picture.ts";

/** What Linux tells user space everywhere (USER_HZ). */
const ticksPerSecond = 100;

export interface UsageMeterOptions {
  readonly clock: Clock;
  readonly readTable?: typeof readProcessTable;
  /** Default: found out from this very process. */
  readonly pageBytes?: number;
}

/** What the bots' process trees use: one pass over /proc per look, none in between. */
export class UsageMeter {
  private readonly clock: Clock;
  private readonly readTable: typeof readProcessTable;
  private pageBytes: number | undefined;
  private lookedAtMs: number | undefined;
  /** CPU ticks of each process at the look before. */
  private ticks = new Map<string, number>();
  private found: ReadonlyMap<string, Usage> = new Map();

  constructor(options: UsageMeterOptions) {
    this.clock = options.clock;
    this.readTable = options.readTable ?? readProcessTable;
    this.pageBytes = options.pageBytes;
  }

  /** As of the last look. */
  of(name: string): Usage | undefined {
    return this.found.get(name);
  }

  /** @param roots the process of each name; looks that come closer than `everyMs` to the one before are left out */
  look(roots: ReadonlyMap<string, ProcessIdentity>, everyMs: number): void {
    const nowMs = this.clock.monotonic();
    const passedMs = this.lookedAtMs === undefined ? undefined : nowMs - this.lookedAtMs;
    if (passedMs !== undefined && passedMs < everyMs) return;
    this.lookedAtMs = nowMs;
    const table = this.readTable();
    const ticks = new Map<string, number>();
    const found = new Map<string, Usage>();
    for (const [name, { pid, startTicks }] of roots) {
      const root = table.get(pid);
      if (root === undefined || root.startTicks !== startTicks) continue;
      // What leads its own group has all of it; the supervisor may share one with the shell that started it.
      const group = root.processGroup === pid ? pid : undefined;
      const others = [...roots.values()].map((other) => other.pid).filter((other) => other !== pid);
      const members = withoutTrees(table, others, new Family([root], group, []).update(table));
      let spent = 0;
      for (const member of members) {
        const key = `${member.pid} ${member.startTicks}`;
        ticks.set(key, member.cpuTicks);
        const before = this.ticks.get(key);
        // A process that is new since then spent all of its time since then.
        spent += member.cpuTicks - (before ?? (passedMs === undefined ? member.cpuTicks : 0));
      }
      found.set(name, {
        memoryBytes:
          members.reduce((sum, each) => sum + each.residentPages, 0) * this.pageSize(table),
        cpuPercent:
          passedMs === undefined
            ? null
            : Math.round((spent / ticksPerSecond / passedMs) * 1e6) / 10,
        processes: members.length,
        suspended: root.state === "T" || root.state === "t",
      });
    }
    this.ticks = ticks;
    this.found = found;
  }

  /** Node does not tell it: 4 KiB mostly, 16 or 64 on some ARM machines. A power of two, found by our own size. */
  private pageSize(table: ReadonlyMap<number, ProcessStat>): number {
    const own = table.get(process.pid)?.residentPages ?? 0;
    this.pageBytes ??= own === 0 ? 4096 : 2 ** Math.round(Math.log2(memoryUsage.rss() / own));
    return this.pageBytes;
  }
}

/** The supervisor's descendants are the bots, which are counted by themselves. */
function withoutTrees(
  table: ReadonlyMap<number, ProcessStat>,
  roots: readonly number[],
  members: readonly ProcessStat[],
): ProcessStat[] {
  const isBelow = (stat: ProcessStat | undefined): boolean => {
    for (let at = stat, depth = 0; at !== undefined && depth < 64; depth += 1) {
      if (roots.includes(at.pid)) return true;
      at = table.get(at.parentPid);
    }
    return false;
  };
  const own = new Set(members.map(({ pid }) => pid));
  const foreign = roots.filter((pid) => own.has(pid));
  return foreign.length === 0 ? [...members] : members.filter((stat) => !isBelow(stat));
}
