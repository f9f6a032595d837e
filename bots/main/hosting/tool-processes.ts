import type { Clock } from "../../../shared/clock.ts";
import { judge, type ProcessIdentity } from "../../../shared/process/identity.ts";
import { findMarked, formatMark, type MarkedProcess } from "../../../shared/process/marker.ts";
import { readStat } from "../../../shared/process/proc-stat.ts";
import { terminateTree } from "../../../shared/process/terminate.ts";
import { type AgentHome, isAgentOf } from "../agents/process/agent-mark.ts";
import type { ToolProcesses } from "../sessions/ports.ts";

/** An agent ends the tools of an interrupted turn itself; what still lives then does not listen to it. */
const patienceMs = 300;
const lookEveryMs = 20;
const graceMs = 1_000;

/**
 * Finds the tools of an agent by its mark. Each runs in a session and group of its own (facts: every Bash call does); what
 * stays in the agent's own group are its servers, which serve the next turn, too.
 */
export function toolProcesses(home: AgentHome, clock: Clock): ToolProcesses {
  return {
    async endStrays(agent) {
      const sinceMs = clock.monotonic();
      let strays = straysOf(agent, home);
      while (strays.length > 0 && clock.monotonic() - sinceMs < patienceMs) {
        await clock.sleep(lookEveryMs);
        strays = straysOf(agent, home);
      }
      const tops = topsOf(strays);
      await Promise.all(tops.map((identity) => terminateTree({ identity, graceMs, clock })));
      return strays.length;
    },
  };
}

function straysOf(agent: ProcessIdentity, home: AgentHome): readonly ProcessIdentity[] {
  const marked = findMarked(isAgentOf(home));
  const own = marked.find(({ identity }) => identity.pid === agent.pid);
  const group = readStat(agent.pid)?.processGroup;
  if (own === undefined || judge(agent) !== "alive") return [];
  return marked
    .filter((found) => isSame(found, own) && readStat(found.identity.pid)?.processGroup !== group)
    .map(({ identity }) => identity);
}

/** A script and its command are one tree: ended apart, the script could go on when its command has ended. */
function topsOf(strays: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  const pids = new Set(strays.map(({ pid }) => pid));
  return strays.filter(({ pid }) => !pids.has(readStat(pid)?.parentPid ?? 0));
}

function isSame(one: MarkedProcess, other: MarkedProcess): boolean {
  return formatMark(one.mark) === formatMark(other.mark);
}
