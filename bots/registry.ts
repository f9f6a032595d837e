import { pathToFileURL } from "node:url";
import { type BotDefinition, isBotDefinition } from "../shared/bot-runtime/define-bot.ts";
import { botFile, botNamePattern, listBotFolders } from "../shared/config/bot-folders.ts";
import { ConfigurationError, UsageError } from "../shared/errors.ts";

/**
 * The bot of a name: `bots/<name>/bot.ts` exports it by any name through `defineBot`. Adding a folder adds a bot.
 * @throws UsageError when there is no such bot, or its file defines another one
 */
export async function loadBot(name: string): Promise<BotDefinition> {
  const known = listBotFolders();
  if (!botNamePattern.test(name) || !known.includes(name)) {
    throw new UsageError(
      `There is no bot "${name}". Known bots: ${known.join(", ")}. A command of fleet.yaml runs under a supervisor only.`,
    );
  }
  const file = botFile(name);
  const exported: unknown = await import(pathToFileURL(file).href);
  const definition = Object.values(exported ?? {}).find(isBotDefinition);
  if (definition?.name !== name) {
    throw new ConfigurationError(
      `bots/${name}/bot.ts must export defineBot({ name: "${name}", ... }); it exports ${definition === undefined ? "no bot" : `"${definition.name}"`}.`,
    );
  }
  if (name === "main" && definition.access === "open") {
    throw new ConfigurationError(
      'bots/main/bot.ts says access "open", but main leads to agents: it takes "allowlist" only.',
    );
  }
  return definition;
}
