import { readFleetStatus } from "../../../shared/contract/fleet-status.ts";
import { OperationError } from "../../../shared/errors.ts";
import { createLog } from "../../../shared/logger.ts";
import { judge } from "../../../shared/process/identity.ts";
import { askPicture, NoSupervisorError } from "../../control/client.ts";
import type { FleetPicture, PictureBot } from "../../control/contract/picture.ts";

/**
 * The fleet as its supervisor sees it now; where it lives but does not answer (it starts, or hangs), as it last wrote it
 * down.
 * @throws OperationError where none runs, with what to do
 */
export async function runningFleet(stateDir: string): Promise<FleetPicture> {
  let absent: NoSupervisorError;
  try {
    return await askPicture(stateDir);
  } catch (error) {
    if (!(error instanceof NoSupervisorError)) throw error;
    absent = error;
  }
  const fleet = await lastFleet(stateDir);
  if (fleet === undefined) throw absent;
  if (fleet.state === "stopped" || judge(fleet.supervisor) === "dead") {
    throw new OperationError(
      `No supervisor runs on ${stateDir}${lastSeen(fleet)}. Start the fleet with: npm run supervisor`,
    );
  }
  return { ...fleet, bots: fleet.bots.map(asSeenNow) };
}

/** As the last supervisor wrote it down, running or not; undefined where none ever ran. */
export function lastFleet(stateDir: string): Promise<FleetPicture | undefined> {
  const log = createLog({ label: "status", level: "warn", print: (line) => console.error(line) });
  return readFleetStatus(stateDir, log);
}

/** The file may be older than the truth (a full disk): a process that is gone is not shown as running. */
function asSeenNow(bot: PictureBot): PictureBot {
  if (bot.identity === undefined || judge(bot.identity) !== "dead") return bot;
  const { pid: _pid, identity: _identity, sessions: _sessions, ...rest } = bot;
  return {
    ...rest,
    state: "gone",
    reason: "its process is gone; the supervisor has not said more yet",
  };
}

function lastSeen(fleet: FleetPicture): string {
  const how = fleet.state === "stopped" ? "stopped in order" : "was last seen alive";
  return ` (the last one, pid ${fleet.supervisor.pid}, ${how} at ${new Date(fleet.updatedAt).toISOString()})`;
}
