import { type BotCheck, type BotFinding, botCheckFlags } from "../contract/bot-check.ts";
import type { Log } from "../logger.ts";
import type { BotProgram } from "./bot-process.ts";
import { shareToken } from "./receiving/token-share.ts";

/**
 * Whether a bot could start with its settings. Nothing is locked, asked of Telegram or written.
 * @returns what it found out about its machine, where that was asked
 * @throws ConfigurationError
 */
export async function checkBot(
  { definition, tokenBots, equipped }: Pick<BotProgram, "definition" | "tokenBots" | "equipped">,
  what: BotCheck,
  log: Log,
): Promise<readonly BotFinding[]> {
  const { options: config, sandbox } = equipped.settings;
  shareToken(definition, tokenBots);
  const surroundings = { config, sandbox, log };
  await definition.check?.(surroundings);
  if (what === "check" || definition.examine === undefined) return [];
  return definition.examine(surroundings);
}

/** What an argument behind the bot's name asks for; undefined where it asks for none of it. */
export function checkOf(flag: string | undefined): BotCheck | undefined {
  return (["check", "examine"] as const).find((what) => botCheckFlags[what] === flag);
}
