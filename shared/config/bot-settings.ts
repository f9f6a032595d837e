import { z } from "zod";
import { answerSettingsSchema } from "./answer-entry.ts";
import type { BotToken } from "./bot-tokens.ts";
import type { BotConfig, FleetConfig } from "./fleet-config.ts";
import type { SandboxDoor } from "./sandbox-address.ts";

const settingsSchema = z.object({
  /** Folder = config key = log label. */
  name: z.string(),
  role: z.enum(["main", "auxiliary"]),
  /** The numeric id of the token: names locks, logs and folders, so that the token never does. */
  botId: z.int(),
  /** The bot id of the fleet's main token; equal to `botId` for main and for bots that share its token. */
  mainBotId: z.int(),
  /** The names of all bots on this token, this one included. */
  tokenBots: z.array(z.string()).readonly(),
  apiRoot: z.string(),
  stateDir: z.string(),
  lockDir: z.string(),
  logLevel: z.enum(["error", "warn", "info", "debug"]),
  /** What to do with a webhook found at the start. */
  webhook: z.enum(["delete", "keep"]),
  /** Seconds a getUpdates may park at Telegram (0..50). */
  pollTimeoutSeconds: z.int(),
  allowedUsers: z.array(z.int()).readonly(),
  /** Groups in which everybody may. */
  allowedChats: z.array(z.int()).readonly(),
  /** The bot's Telegram is the sandbox of this fleet: nothing leaves this machine. */
  sandbox: z.boolean(),
  answers: answerSettingsSchema.readonly(),
  /** The bot's own section of fleet.yaml, checked by the bot itself. */
  options: z.record(z.string(), z.unknown()).readonly(),
});

/**
 * Everything a bot process needs to know, filled: nothing is optional that is not truly absent. Made from fleet.yaml
 * and the environment, by the supervisor for its children or by a standalone bot for itself.
 */
export type BotSettings = Readonly<z.infer<typeof settingsSchema>>;

/** Where the bots' Telegram is. */
export interface TelegramAccess {
  readonly apiRoot: string;
  readonly tokens: ReadonlyMap<string, BotToken>;
  /** Users who may talk to allowlisted bots besides the configured ones: the sandbox's own user. */
  readonly extraUsers: readonly number[];
  /** Undefined: Telegram itself, or another server that the operator named. */
  readonly sandbox: SandboxDoor | undefined;
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
      tokenBots: config.bots
        .map(({ name }) => name)
        .filter((name) => tokenOf(access, name).botId === own.botId),
      apiRoot: access.apiRoot,
      stateDir: config.stateDir,
      lockDir: config.environment.lockDir,
      logLevel: config.environment.logLevel,
      webhook: bot.webhook,
      pollTimeoutSeconds: config.pollTimeoutSeconds,
      allowedUsers: [...config.allowedUsers, ...access.extraUsers],
      allowedChats: config.allowedChats,
      sandbox: access.sandbox !== undefined,
      answers: bot.answers,
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
  return { settings: settingsSchema.parse(JSON.parse(settings)), token };
}
