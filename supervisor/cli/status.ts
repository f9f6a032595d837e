import { parseArgs } from "node:util";
import { systemClock } from "../../shared/clock.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { loadFleetConfig } from "../../shared/config/fleet-config.ts";
import {
  type BotStatus,
  type FleetStatus,
  readFleetStatus,
} from "../../shared/contract/fleet-status.ts";
import { errorMessage, OperationError, UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";
import { createLog } from "../../shared/logger.ts";
import { judge } from "../../shared/process/identity.ts";
import { deadLetterTable } from "../daemon/status/dead-letter-table.ts";
import { statusTable } from "../daemon/status/status-table.ts";

/**
 * `tg-supervisor status`: the table, or the same as JSON. Exit code 0 where a supervisor runs, 1 where none does.
 * @throws UsageError, OperationError
 */
export async function status(args: readonly string[]): Promise<number> {
  const { json } = readOptions(args);
  const environment = readEnvironment(process.env, process.cwd());
  const { stateDir } = loadFleetConfig(environment, process.cwd());
  const log = createLog({ label: "status", level: "warn", print: (line) => console.error(line) });
  const fleet = await readFleetStatus(stateDir, log);
  if (fleet === undefined || fleet.state === "stopped" || judge(fleet.supervisor) === "dead") {
    throw new OperationError(
      `No supervisor runs on ${stateDir}${lastSeen(fleet)}. Start the fleet with: npm run supervisor`,
    );
  }
  const seen = { ...fleet, bots: fleet.bots.map((bot) => asSeenNow(bot)) };
  console.log(json ? JSON.stringify(seen, null, 2) : show(seen));
  return exitCode.clean;
}

function readOptions(args: readonly string[]): { json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean", default: false } },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}. Usage: tg-supervisor status [--json]`);
  }
}

/** The file may be older than the truth (a full disk): a process that is gone is not shown as running. */
function asSeenNow(bot: BotStatus): BotStatus {
  if (bot.identity === undefined || judge(bot.identity) !== "dead") return bot;
  const { pid: _pid, identity: _identity, ...rest } = bot;
  return {
    ...rest,
    state: "gone",
    reason: "its process is gone; the supervisor has not said more yet",
  };
}

function lastSeen(fleet: FleetStatus | undefined): string {
  if (fleet === undefined) return "";
  const how = fleet.state === "stopped" ? "stopped in order" : "was last seen alive";
  return ` (the last one, pid ${fleet.supervisor.pid}, ${how} at ${new Date(fleet.updatedAt).toISOString()})`;
}

function show(fleet: FleetStatus): string {
  const nowMs = systemClock.now();
  const letters = deadLetterTable(fleet.bots, nowMs);
  const sandbox = fleet.sandboxUrl === undefined ? "" : `, sandbox at ${fleet.sandboxUrl}/`;
  return `Supervisor pid ${fleet.supervisor.pid}, ${fleet.state}${sandbox}\n\n${statusTable(fleet.bots, nowMs)}${letters === undefined ? "" : `\n\nDead letters:\n${letters}`}`;
}
