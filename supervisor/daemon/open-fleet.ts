import { equipBot, handOver } from "../../shared/config/bot-settings.ts";
import { fleetId } from "../../shared/process/marker.ts";
import { createFleet, type Fleet, type FleetBot } from "../fleet/fleet.ts";
import { spawnedBot } from "../fleet/process/spawn-bot.ts";
import { restartPolicyOf } from "./restart-limits.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** The fleet of a configuration, nothing started yet. */
export function openFleet({
  config,
  access,
  clock,
  stop,
  log,
  logFor,
}: ConnectedSupervision): Fleet {
  const fleet = fleetId(config.stateDir);
  const bots = config.bots.map((bot): FleetBot => {
    // Main's named lock is the supervisor's for main's whole life; the poll guard stays main's own.
    const lockVariables: Record<string, string> =
      bot.role === "main" ? { SKIP_TELEGRAM_LOCK: "1" } : {};
    const ports = spawnedBot({
      name: bot.name,
      fleet,
      environment: { ...handOver(equipBot(config, bot, access)), ...lockVariables },
      log: logFor(bot.name),
      print: (line) => process.stdout.write(`${line}\n`),
      clock,
    });
    return { name: bot.name, role: bot.role, ports: { ...ports, acquireLock: undefined } };
  });
  return createFleet({
    bots,
    policy: restartPolicyOf(config.restart),
    clock,
    random: Math.random,
    log,
    onMainGone: (reason) => {
      if (stop.signal.aborted) return;
      log.warn("main has ended; its token is polled by nobody until it is back", { reason });
    },
  });
}
