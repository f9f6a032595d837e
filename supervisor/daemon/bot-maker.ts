import { equipBot, handOver } from "../../shared/config/bot-settings.ts";
import type { BotConfig } from "../../shared/config/fleet-config.ts";
import { fleetId } from "../../shared/process/marker.ts";
import type { FleetBot } from "../fleet/fleet.ts";
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
    const bot = this.configOf(name);
    const { role, command } = bot;
    if (command !== undefined)
      return { name, role, ports: this.commands.add(this.material, bot, command) };
    const { clock, logFor } = this.supervision;
    const environmentOf = (): Record<string, string> => this.environmentOf(this.configOf(name));
    const ports = spawnedBot({
      name,
      fleet: fleetId(this.material.config.stateDir),
      get environment() {
        return environmentOf();
      },
      log: logFor(name),
      print: (line) => process.stdout.write(`${line}\n`),
      clock,
    });
    const acquireLock =
      role === "main" ? (signal: AbortSignal) => this.handover.mainComesBack(signal) : undefined;
    return { name, role, ports: { ...ports, acquireLock } };
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

  private configOf(name: string): BotConfig {
    const bot = this.material.config.bots.find((each) => each.name === name);
    if (bot === undefined) throw new Error(`the configuration has no bot "${name}"`);
    return bot;
  }
}
