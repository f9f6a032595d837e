import type { Clock } from "../../shared/clock.ts";
import type { TelegramAccess } from "../../shared/config/bot-settings.ts";
import type { FleetConfig } from "../../shared/config/fleet-config.ts";
import type { Log } from "../../shared/logger.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import type { StopSwitch } from "../../shared/stop-switch.ts";
import { composeStatus, type SupervisorFacts } from "./compose-status.ts";
import { endLeftovers } from "./leftovers.ts";
import { openFleet } from "./open-fleet.ts";
import { StatusFile } from "./status-file.ts";
import { TablePrinter } from "./table-printer.ts";

export interface RunFleetDeps {
  readonly config: FleetConfig;
  readonly access: TelegramAccess & { readonly sandboxUrl: string | undefined };
  readonly clock: Clock;
  readonly stop: StopSwitch;
  readonly force: AbortSignal;
  readonly log: Log;
  /** For what a bot's process prints besides its own log lines. */
  readonly logFor: (label: string) => Log;
}

/** Sweeps, starts every bot, keeps the status true, and stops all in order. The caller holds main's polling lock. */
export async function runFleet(deps: RunFleetDeps): Promise<void> {
  const { config, access, clock, stop, force, log } = deps;
  const facts = {
    identity: identifySelf(),
    startedAtMs: clock.now(),
    sandboxUrl: access.sandboxUrl,
  };
  let state: SupervisorFacts["state"] = "running";
  const fleet = openFleet(deps);
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
