import type { OrderHandlers } from "../../control/host.ts";
import { type ExplainDeps, explain } from "../../inquiry/explain/explain.ts";
import { readLogs } from "../../inquiry/logs/read-logs.ts";

/** The orders that only ask: what stands on the disk, whoever wrote it. */
export function inquiries(deps: ExplainDeps): Pick<OrderHandlers, "logs" | "explain"> {
  return {
    explain: ({ what }) => explain(what, deps),
    logs: async (question) => ({ lines: await readLogs(deps.stateDir, question) }),
  };
}
