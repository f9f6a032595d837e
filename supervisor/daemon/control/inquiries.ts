import type { OrderHandlers } from "../../control/host.ts";
import { explain } from "../../inquiry/explain/explain.ts";
import { readLogs } from "../../inquiry/logs/read-logs.ts";

/** The orders that only ask: what stands on the disk, whoever wrote it. */
export function inquiries(stateDir: string): Pick<OrderHandlers, "logs" | "explain"> {
  return {
    explain: ({ what }) => explain(what, stateDir),
    logs: async (question) => ({ lines: await readLogs(stateDir, question) }),
  };
}
