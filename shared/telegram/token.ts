import { ConfigurationError } from "../errors.ts";

/** As @BotFather gives it: the numeric bot id, a colon, the secret. */
const tokenShape = /^(\d{1,16}):[A-Za-z0-9_-]+$/;

/**
 * The numeric bot id of a token: the name of the bot in locks, folders and logs, where the token never stands.
 * @param source where the token came from, for the message (a variable's name)
 * @throws ConfigurationError when it is no token; the message does not repeat it
 */
export function botIdOf(token: string, source = "The bot token"): number {
  const match = tokenShape.exec(token);
  if (match === null) {
    throw new ConfigurationError(
      `${source} is not a bot token (${shapeProblem(token)}). It looks like 123456789:AAE..., as @BotFather shows it; copy it again.`,
    );
  }
  return Number(match[1]);
}

/** What is wrong, told without showing any part of what may be a secret. */
function shapeProblem(token: string): string {
  if (token === "") return "it is empty";
  if (/\s/.test(token)) return "it contains a space or a line break";
  if (/^["'].*["']$/.test(token)) return "it is in quotes";
  if (!token.includes(":")) return "it has no colon";
  if (!/^\d{1,16}:/.test(token)) return "it does not begin with the numeric bot id";
  return "its secret is empty or has characters that no secret has";
}
