import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { formatDuration } from "../../../shared/duration.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import type { FleetPicture } from "../../control/contract/picture.ts";
import { deadLetterTable } from "../../daemon/status/dead-letter-table.ts";
import { formatMemory, statusTable } from "../../daemon/status/status-table.ts";
import { argumentsFor, stateDirHere } from "../arguments.ts";
import { runningFleet } from "./running-fleet.ts";
import { watchFleet } from "./watch-fleet.ts";

/**
 * `tg-supervisor status`: the table, or the same as JSON; once, or again with every change. Exit code 0 where a
 * supervisor runs, 1 where none does.
 * @throws UsageError, OperationError
 */
export async function status(args: readonly string[]): Promise<number> {
  const { json, watch } = argumentsFor("status [--watch] [--json]", () => {
    const flag = { type: "boolean", default: false } as const;
    return parseArgs({ args: [...args], options: { json: flag, watch: flag } }).values;
  });
  const stateDir = stateDirHere();
  if (watch) {
    await watchFleet({ stateDir, clock: systemClock, json, show, terminal: process.stdout });
    return exitCode.clean;
  }
  const fleet = await runningFleet(stateDir);
  console.log(json ? JSON.stringify(fleet, null, 2) : show(fleet));
  return exitCode.clean;
}

function show(fleet: FleetPicture): string {
  const nowMs = systemClock.now();
  const letters = deadLetterTable(fleet.bots, nowMs);
  const { supervisor, state, startedAt, usage, pageUrl, sandboxUrl } = fleet;
  const head = [
    `Supervisor pid ${supervisor.pid}, ${state}, up ${formatDuration(nowMs - startedAt)}`,
    usage === undefined ? undefined : formatMemory(usage.memoryBytes),
    pageUrl === undefined ? undefined : `page at ${pageUrl}/`,
    sandboxUrl === undefined ? undefined : `sandbox at ${sandboxUrl}/`,
  ];
  const parts = [
    head.filter((part) => part !== undefined).join(", "),
    statusTable(fleet.bots, nowMs),
    ...(letters === undefined ? [] : [`Dead letters:\n${letters}`]),
  ];
  return parts.join("\n\n");
}
