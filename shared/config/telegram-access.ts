import { ConfigurationError } from "../errors.ts";
import type { Log } from "../logger.ts";
import type { TelegramAccess } from "./bot-settings.ts";
import { resolveTokens } from "./bot-tokens.ts";
import type { FleetConfig } from "./fleet-config.ts";
import { claimSandboxBots, findSandbox, type SandboxDoor } from "./sandbox-address.ts";

const telegramApiRoot = "https://api.telegram.org";

/**
 * Telegram itself where tokens are set, else a sandbox.
 * @param openSandbox gives a sandbox, starting one if it may; undefined: only one that runs is used
 * @throws ConfigurationError where there is neither token nor sandbox
 */
export async function resolveAccess(
  config: FleetConfig,
  log: Log,
  signal: AbortSignal,
  openSandbox?: () => Promise<SandboxDoor>,
): Promise<TelegramAccess> {
  const source = resolveTokens(config);
  if (source.kind === "environment") {
    const apiRoot = config.environment.apiRoot ?? telegramApiRoot;
    return { apiRoot, tokens: source.tokens, extraUsers: [], sandbox: undefined };
  }
  const sandbox = (await findSandbox(config.stateDir, log)) ?? (await openSandbox?.());
  if (sandbox === undefined) {
    throw new ConfigurationError(
      "No bot token is set and no sandbox runs. Type one of:\n  export TELEGRAM_BOT_TOKEN=<token from @BotFather>\n  npm run sandbox        (in another terminal)",
    );
  }
  const names = config.bots.map((bot) => bot.name);
  const { tokens, userId } = await claimSandboxBots(sandbox, names, signal);
  return { apiRoot: sandbox.url, tokens, extraUsers: [userId], sandbox };
}
