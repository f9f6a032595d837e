import type { Clock } from "../../shared/clock.ts";
import { readFleetStatus } from "../../shared/contract/fleet-status.ts";
import type { Log } from "../../shared/logger.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { fleetId } from "../../shared/process/marker.ts";
import { sweepOrphans } from "../fleet/orphan-sweep.ts";

/** Ends what a supervisor that died left of this fleet, and says what it was. Nobody else's process is touched. */
export async function endLeftovers(stateDir: string, clock: Clock, log: Log): Promise<void> {
  const last = await readFleetStatus(stateDir, log);
  const bots =
    last?.bots.flatMap(({ name, identity }) =>
      identity === undefined ? [] : [{ name, identity }],
    ) ?? [];
  const report = await sweepOrphans({
    fleet: fleetId(stateDir),
    recorded: { owner: last?.supervisor ?? identifySelf(), bots },
    clock,
  });
  if (report.ended.length > 0) {
    const whom = report.ended.map(({ name, pid }) => `${name} (pid ${pid})`).join(", ");
    log.warn(`ended ${report.ended.length} left-over processes of an earlier supervisor: ${whom}`);
  }
  for (const problem of report.problems)
    log.error(`a left-over process could not be ended: ${problem}`);
}
