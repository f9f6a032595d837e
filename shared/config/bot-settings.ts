import type { LogLevel } from "../logger.ts";
import type { BotToken } from "./bot-tokens.ts";
import type { BotConfig, FleetConfig } from "./fleet-config.ts";

/**
 * Everything a bot process needs to know, filled: nothing is optional that is not truly absent. Made from fleet.yaml
 * and the environment, by the supervisor for its children or by a standalone bot for itself.
 */
export interface BotSettings {
  /** Folder = config key = log label. */
  readonly name: string;
  readonly role: "main" | "auxiliary";
  /** The numeric id of the token: names locks, logs and folders, so that the token never does. */
  readonly botId: number;
  /** The bot id of the fleet's main token; equal to `botId` for main and for bots that share its token. */
  readonly mainBotId: number;
  readonly apiRoot: string;
  readonly stateDir: string;
  readonly lockDir: string;
  readonly logLevel: LogLevel;
  /** What to do with a webhook found at the start. */
  readonly webhook: "delete" | "keep";
  /** Seconds a getUpdates may park at Telegram (0..50). */
  readonly pollTimeoutSeconds: number;
  readonly allowedUsers: readonly number[];
  /** The bot's own section of fleet.yaml, checked by the bot itself. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where the bots' Telegram is. */
export interface TelegramAccess {
  readonly apiRoot: string;
  readonly tokens: ReadonlyMap<string, BotToken>;
  /** Users who may talk to allowlisted bots besides the configured ones: the sandbox's own user. */
  readonly extraUsers: readonly number[];
}

export interface EquippedBot {
  readonly settings: BotSettings;
  readonly token: string;
}

export function equipBot(config: FleetConfig, bot: BotConfig, access: TelegramAccess): EquippedBot {
  const own = tokenOf(access, bot.name);
  return {
    token: own.token,
    settings: {
      name: bot.name,
      role: bot.role,
      botId: own.botId,
      mainBotId: tokenOf(access, "main").botId,
      apiRoot: access.apiRoot,
      stateDir: config.stateDir,
      lockDir: config.environment.lockDir,
      logLevel: config.environment.logLevel,
      webhook: bot.webhook,
      pollTimeoutSeconds: config.pollTimeoutSeconds,
      allowedUsers: [...config.allowedUsers, ...access.extraUsers],
      options: bot.options,
    },
  };
}

function tokenOf(access: TelegramAccess, name: string): BotToken {
  const token = access.tokens.get(name);
  if (token === undefined) throw new Error(`no token was resolved for bot "${name}"`);
  return token;
}

const settingsVariable = "TG_BOT_SETTINGS";
const tokenVariable = "TG_BOT_TOKEN";

/** The variables through which a supervisor hands a child its settings and its token, and no other bot's. */
export function handOver(bot: EquippedBot): Record<string, string> {
  return { [settingsVariable]: JSON.stringify(bot.settings), [tokenVariable]: bot.token };
}

/** What a supervisor handed over; undefined in a standalone bot. */
export function takeOver(env: NodeJS.ProcessEnv): EquippedBot | undefined {
  const settings = env[settingsVariable];
  const token = env[tokenVariable];
  if (settings === undefined || token === undefined) return undefined;
  return { settings: JSON.parse(settings) as BotSettings, token };
}
