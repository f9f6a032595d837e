import { aborted } from "../../shared/aborted.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { composeStatus, type SupervisorFacts } from "./compose-status.ts";
import { endLeftovers } from "./leftovers.ts";
import { openFleet } from "./open-fleet.ts";
import { StatusFile } from "./status-file.ts";
import type { ConnectedSupervision } from "./supervision.ts";
import { TablePrinter } from "./table-printer.ts";

/** Sweeps, starts every bot, keeps the status true, and stops all in order. The caller holds main's polling lock. */
export async function runFleet(supervision: ConnectedSupervision): Promise<void> {
  const { config, access, clock, stop, force, log } = supervision;
  const facts = {
    identity: identifySelf(),
    startedAtMs: clock.now(),
    sandboxUrl: access.sandboxUrl,
  };
  let state: SupervisorFacts["state"] = "running";
  const fleet = openFleet(supervision);
  const status = () => composeStatus({ ...facts, state }, fleet.list(), clock.now());
  const statusFile = new StatusFile(config.stateDir, status, clock, log);
  const table = new TablePrinter({
    status,
    clock,
    print: (text) => process.stdout.write(`${text}\n`),
  });
  const unwatch = fleet.watch(() => {
    statusFile.changed();
    table.changed();
  });
  force.addEventListener("abort", () => void fleet.stop("a second signal", { force: true }), {
    once: true,
  });
  try {
    await endLeftovers(config.stateDir, clock, log);
    await fleet.start();
    await aborted(stop.signal);
    state = "stopping";
    statusFile.changed();
    log.info("stopping the fleet", { cause: stop.cause });
    await fleet.stop(stop.cause ?? "the supervisor");
  } finally {
    unwatch();
    table.stop();
    state = "stopped";
    await statusFile.flush();
  }
}
