import { type EquippedBot, equipBot, takeOver } from "../config/bot-settings.ts";
import { readEnvironment } from "../config/environment.ts";
import { loadFleetConfig } from "../config/fleet-config.ts";
import { resolveAccess } from "../config/telegram-access.ts";
import { ConfigurationError } from "../errors.ts";
import { createLog } from "../logger.ts";

/**
 * What this bot process works with: handed over by its supervisor, or (standalone) read from fleet.yaml and the
 * environment, like a supervisor would.
 * @throws ConfigurationError
 */
export async function findSettings(
  name: string,
  env: NodeJS.ProcessEnv,
  workingDir: string,
  signal: AbortSignal,
): Promise<EquippedBot> {
  const handed = takeOver(env);
  if (handed !== undefined) return handed;
  const config = loadFleetConfig(readEnvironment(env, workingDir), workingDir);
  const bot = config.bots.find((candidate) => candidate.name === name);
  if (bot === undefined) {
    const known = config.bots.map((candidate) => candidate.name).join(", ");
    throw new ConfigurationError(
      `${config.file ?? "fleet.yaml"} has no bot "${name}" (it has ${known}). Add it under "bots:".`,
    );
  }
  const log = createLog({ label: name, level: config.environment.logLevel });
  return equipBot(config, bot, await resolveAccess(config, log, signal));
}

/**
 * Whether `SKIP_TELEGRAM_LOCK` holds for this bot. A supervised bot hears it from its supervisor alone: a line in .env is
 * meant for bots that run alone. And a bot that shares main's token never skips: it would take the token from main.
 */
export function maySkipNamedLock(
  { settings }: EquippedBot,
  env: NodeJS.ProcessEnv,
  workingDir: string,
): boolean {
  const handed = takeOver(env) !== undefined;
  const wanted = handed
    ? env["SKIP_TELEGRAM_LOCK"] === "1"
    : readEnvironment(env, workingDir).skipNamedLock;
  return wanted && (settings.role === "main" || settings.botId !== settings.mainBotId);
}
