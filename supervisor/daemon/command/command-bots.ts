import { join } from "node:path";
import { type CommandConfig } from "../../../shared/config/command-entry.ts";
import type { BotConfig } from "../../../shared/config/fleet-config.ts";
import { printLine } from "../../../shared/console/console-output.ts";
import { listenerRoot } from "../../../shared/lifecycle/listener-root.ts";
import { LogFile } from "../../../shared/log-file.ts";
import { createLog } from "../../../shared/logger.ts";
import { fleetId } from "../../../shared/process/marker.ts";
import type { FleetEvent } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { ChildPorts } from "../../fleet/process/ports.ts";
import { TokenLock } from "../handover/token-lock.ts";
import type { FleetMaterial } from "../reload/plan-reload.ts";
import type { ConnectedSupervision } from "../supervision.ts";
import { CommandBot } from "./command-bot.ts";

/** The bots that are commands: their token locks, lifecycle files and logs are the supervisor's to keep. */
export class CommandBots {
  private readonly supervision: ConnectedSupervision;
  private readonly bots = new Map<string, CommandBot>();
  private readonly logFiles = new Map<string, LogFile>();

  constructor(supervision: ConnectedSupervision) {
    this.supervision = supervision;
  }

  add({ config, access }: FleetMaterial, bot: BotConfig, command: CommandConfig): ChildPorts {
    const { clock, log } = this.supervision;
    const { name, webhook } = bot;
    const { token, botId, mainBotId } = tokenOf(access, name);
    const { apiRoot } = access;
    const file = new LogFile(join(config.stateDir, "logs", `${name}.log`));
    this.logFiles.set(name, file);
    const lock = new TokenLock({
      lockDir: config.environment.lockDir,
      botId,
      mainBotId,
      label: `supervisor for ${name}`,
      clock,
      log,
      onLost: () => {
        made.lockLost();
      },
    });
    const made = new CommandBot(
      {
        owner: {
          name,
          fleet: fleetId(config.stateDir),
          log: createLog({ label: name, level: config.environment.logLevel, file }),
          print: (line) => {
            file.append(line);
            printLine(line);
          },
          clock,
        },
        line: {
          ...command,
          environment: {
            ...command.env,
            TELEGRAM_API_ROOT: apiRoot,
            // Most programs read this one; in its process it means its own token and no other.
            TELEGRAM_BOT_TOKEN: token,
            [bot.tokenVariable]: token,
            SKIP_TELEGRAM_LOCK: "1",
          },
        },
        stopDeadlineMs: command.stopDeadlineMs,
        root: listenerRoot(config.stateDir, name),
        telegram: { token, botId, apiRoot, webhook, random: Math.random },
      },
      lock,
    );
    this.bots.set(name, made);
    return made;
  }

  /** Gives the lock of a command back when it is gone for good or given up. @returns ends the watch */
  follow(fleet: Fleet): () => void {
    return fleet.watch((event) => {
      this.onFleetEvent(event);
    });
  }

  /** Its process is gone. Nothing happens for a bot that is no command. */
  async remove(name: string): Promise<void> {
    await this.release(name);
    this.bots.delete(name);
    this.logFiles.get(name)?.close();
    this.logFiles.delete(name);
  }

  /** After the stop of the fleet: resolves when no lock of a command is ours any more. */
  async close(): Promise<void> {
    for (const name of this.bots.keys()) await this.remove(name);
  }

  private onFleetEvent(event: FleetEvent): void {
    if (event.type !== "bot") return;
    const { name, state } = event.bot;
    if (state === "down" || state === "given_up") void this.release(name);
  }

  private async release(name: string): Promise<void> {
    try {
      await this.bots.get(name)?.releaseLock();
    } catch (error) {
      this.supervision.log.error(`the polling lock of ${name} could not be given back`, { error });
    }
  }
}

function tokenOf(
  { tokens }: FleetMaterial["access"],
  name: string,
): { token: string; botId: number; mainBotId: number } {
  const own = tokens.get(name);
  const main = tokens.get("main");
  if (own === undefined || main === undefined)
    throw new Error(`no token was resolved for bot "${name}"`);
  return { ...own, mainBotId: main.botId };
}
