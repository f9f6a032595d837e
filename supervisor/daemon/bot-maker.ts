import { equipBot, handOver } from "../../shared/config/bot-settings.ts";
import type { BotConfig, FleetConfig } from "../../shared/config/fleet-config.ts";
import { printLine } from "../../shared/console/console-output.ts";
import { fleetId } from "../../shared/process/marker.ts";
import type { FleetBot } from "../fleet/fleet.ts";
import { checkBot } from "../fleet/process/check-bot.ts";
import { spawnedBot } from "../fleet/process/spawn-bot.ts";
import type { CommandBots } from "./command/command-bots.ts";
import type { PollingHandover } from "./handover/polling-handover.ts";
import type { FleetMaterial } from "./reload/plan-reload.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** Makes bots for the fleet. A process is made of what the configuration says at its start. */
export class BotMaker {
  material: FleetMaterial;
  private readonly supervision: ConnectedSupervision;
  private readonly handover: PollingHandover;
  private readonly commands: CommandBots;

  constructor(supervision: ConnectedSupervision, handover: PollingHandover, commands: CommandBots) {
    this.supervision = supervision;
    this.handover = handover;
    this.commands = commands;
    this.material = supervision;
  }

  /** @throws Error for a name that the configuration does not have */
  make(name: string): FleetBot {
    const bot = configOf(this.material.config, name);
    const { role, command } = bot;
    if (command !== undefined)
      return { name, role, ports: this.commands.add(this.material, bot, command) };
    const { clock, logFor } = this.supervision;
    const environmentOf = (): Record<string, string> =>
      this.environmentOf(configOf(this.material.config, name));
    const ports = spawnedBot({
      name,
      fleet: fleetId(this.material.config.stateDir),
      get environment() {
        return environmentOf();
      },
      log: logFor(name),
      print: printLine,
      clock,
    });
    const acquireLock =
      role === "main" ? (signal: AbortSignal) => this.handover.mainComesBack(signal) : undefined;
    return { name, role, ports: { ...ports, acquireLock } };
  }

  /**
   * Whether a bot of `bots/` could start under this configuration; a command is only known when it runs.
   * @throws ConfigurationError in the bot's own words
   */
  async check(material: FleetMaterial, name: string, signal: AbortSignal): Promise<void> {
    const { config, access } = material;
    const bot = configOf(config, name);
    if (bot.command !== undefined) return;
    await checkBot({
      name,
      what: "check",
      fleet: fleetId(config.stateDir),
      environment: handOver(equipBot(config, bot, access)),
      clock: this.supervision.clock,
      signal,
    });
  }

  /** After the bot was removed from the fleet: gives back what it had. */
  async forget(name: string): Promise<void> {
    await this.commands.remove(name);
  }

  private environmentOf(bot: BotConfig): Record<string, string> {
    const { config, access } = this.material;
    // Main's named lock is the supervisor's for main's whole life; the poll guard stays main's own.
    const lock: Record<string, string> = bot.role === "main" ? { SKIP_TELEGRAM_LOCK: "1" } : {};
    return { ...handOver(equipBot(config, bot, access)), ...lock };
  }
}

function configOf({ bots }: FleetConfig, name: string): BotConfig {
  const bot = bots.find((each) => each.name === name);
  if (bot === undefined) throw new Error(`the configuration has no bot "${name}"`);
  return bot;
}
