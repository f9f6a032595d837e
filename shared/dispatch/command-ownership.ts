import type { Update } from "../telegram/bot-api.ts";
import { payloadOf } from "../telegram/conversation.ts";
import { callbackTag, readCallbackData } from "./callback-tag.ts";
import { commandOf } from "./command-of.ts";

/** A bot as far as it matters to the others on its token. */
export interface TokenSharer {
  readonly name: string;
  readonly role: "main" | "auxiliary";
  /** Its own commands, without the slash. */
  readonly commands: readonly string[];
}

/** Those of the runtime: the default bot answers them for the token. */
const commandsOfDefaultBot: readonly string[] = ["start", "help", "status", "rich", "pair"];

/** Main; where it is not among them, the first of the list. */
export function defaultBot(sharers: readonly TokenSharer[]): TokenSharer | undefined {
  return sharers.find(({ role }) => role === "main") ?? sharers[0];
}

/**
 * Whether an update belongs to a bot. Each update belongs to exactly one bot of its token, or (a command for another
 * bot of the chat) to none:
 * - a declared command to the bot that declares it; those of the runtime and unknown ones to the default bot;
 * - a button press to the bot that sent the button;
 * - everything else to the default bot.
 * @param username of the token, from getMe; undefined: not known yet, then no addressee is taken for a stranger
 */
export function belongsTo(
  botName: string,
  sharers: readonly TokenSharer[],
  update: Update,
  username: string | undefined,
): boolean {
  const command = commandOf(update);
  const addressee = command?.addressee;
  if (addressee !== undefined && username !== undefined && addressee !== username.toLowerCase()) {
    return false;
  }
  const owner =
    (command === undefined
      ? ownerOfButton(sharers, update)
      : ownerOfCommand(sharers, command.name)) ?? defaultBot(sharers);
  return owner?.name === botName;
}

/** What keeps bots from sharing a token, one sentence each; empty where nothing does. */
export function findClashes(sharers: readonly TokenSharer[]): string[] {
  const byDefault = defaultBot(sharers);
  const clashes: string[] = [];
  const owners = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const bot of sharers) {
    const tag = callbackTag(bot.name);
    const twin = tags.get(tag);
    if (twin !== undefined) {
      clashes.push(
        `The buttons of ${twin} and ${bot.name} cannot be told apart; rename one of them.`,
      );
    }
    tags.set(tag, bot.name);
    for (const command of new Set(bot.commands.map((each) => each.toLowerCase()))) {
      const other = owners.get(command);
      if (bot !== byDefault && commandsOfDefaultBot.includes(command)) {
        clashes.push(
          `/${command} belongs to ${byDefault?.name ?? "main"}; ${bot.name} cannot declare it.`,
        );
      } else if (other !== undefined) {
        clashes.push(`/${command} is declared by ${other} and by ${bot.name}.`);
      } else owners.set(command, bot.name);
    }
  }
  return clashes;
}

function ownerOfCommand(sharers: readonly TokenSharer[], name: string): TokenSharer | undefined {
  if (commandsOfDefaultBot.includes(name)) return undefined;
  return sharers.find(({ commands }) => commands.some((each) => each.toLowerCase() === name));
}

function ownerOfButton(sharers: readonly TokenSharer[], update: Update): TokenSharer | undefined {
  const [kind, payload] = payloadOf(update);
  const data = kind === "callback_query" ? payload?.["data"] : undefined;
  const tag = typeof data === "string" ? readCallbackData(data).tag : undefined;
  return tag === undefined ? undefined : sharers.find(({ name }) => callbackTag(name) === tag);
}
