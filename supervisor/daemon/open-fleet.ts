import { equipBot, handOver } from "../../shared/config/bot-settings.ts";
import { fleetId } from "../../shared/process/marker.ts";
import { createFleet, type Fleet, type FleetBot } from "../fleet/fleet.ts";
import { spawnedBot } from "../fleet/process/spawn-bot.ts";
import type { CommandBots } from "./command/command-bots.ts";
import type { PollingHandover } from "./handover/polling-handover.ts";
import { restartPolicyOf } from "./restart-limits.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** The fleet of a configuration, nothing started yet. */
export function openFleet(
  supervision: ConnectedSupervision,
  handover: PollingHandover,
  commands: CommandBots,
): Fleet {
  const { config, access, clock, stop, log, logFor } = supervision;
  const fleet = fleetId(config.stateDir);
  const bots = config.bots.map((bot): FleetBot => {
    if (bot.command !== undefined)
      return { name: bot.name, role: bot.role, ports: commands.add(bot, bot.command) };
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
    const acquireLock =
      bot.role === "main" ? (signal: AbortSignal) => handover.mainComesBack(signal) : undefined;
    return { name: bot.name, role: bot.role, ports: { ...ports, acquireLock } };
  });
  return createFleet({
    bots,
    policy: restartPolicyOf(config.restart),
    clock,
    random: Math.random,
    log,
    onMainGone: (reason) => {
      if (!stop.signal.aborted) handover.mainIsGone(reason);
    },
  });
}
