import { commandOf } from "../../dispatch/command-of.ts";
import {
  belongsTo,
  defaultBot,
  findClashes,
  type TokenSharer,
} from "../../dispatch/command-ownership.ts";
import { ConfigurationError } from "../../errors.ts";
import { UPDATE_TYPES, type Update, type UpdateType } from "../../telegram/bot-api.ts";
import { migrationOf } from "../../telegram/migration.ts";
import type { BotCommand, BotDefinition } from "../define-bot.ts";

/** One bot's view of a token and of those who share it. */
export interface TokenShare {
  readonly names: readonly string[];
  /** Untagged buttons, plain text and unknown commands belong to it. */
  readonly isDefault: boolean;
  /** An auxiliary bot that has its token for itself: whoever writes to it means it. */
  readonly isOwn: boolean;
  /** What the poller asks Telegram for: the union of what all bots of the token want. */
  readonly allowedUpdates: readonly UpdateType[];
  /** What Telegram shows in the token's menu: the commands of all its bots. */
  readonly commands: readonly BotCommand[];
  belongs(update: Update, username: string | undefined): boolean;
  /** Button presses, the native stop button's too, and commands that their bot declared urgent. */
  isUrgent(update: Update): boolean;
}

/**
 * @param own the bot itself
 * @param all every bot of the token, itself included
 * @throws ConfigurationError where two bots claim one command
 */
export function shareToken(own: BotDefinition, all: readonly BotDefinition[]): TokenShare {
  const sharers = all.map(
    ({ name, commands = [] }): TokenSharer => ({
      name,
      role: name === "main" ? "main" : "auxiliary",
      commands: commands.map(({ command }) => command),
    }),
  );
  const clashes = findClashes(sharers);
  if (clashes.length > 0) {
    throw new ConfigurationError(
      `${sharers.map(({ name }) => name).join(", ")} cannot share a token: ${clashes.join(" ")} Rename a command, or give a bot a token of its own.`,
    );
  }
  const wanted = new Set(all.flatMap(({ allowedUpdates }) => allowedUpdates));
  const urgent = new Set(
    (own.commands ?? []).filter((command) => command.urgent === true).map(({ command }) => command),
  );
  return {
    names: sharers.map(({ name }) => name),
    isDefault: defaultBot(sharers)?.name === own.name,
    isOwn: sharers.length === 1 && own.name !== "main",
    // In one order, whoever asks: a changed list is sent again.
    allowedUpdates: UPDATE_TYPES.filter((kind) => wanted.has(kind)),
    commands: all.flatMap(({ commands = [] }) => commands),
    // Where a chat is now concerns all of them; no bot's own handlers hear of it.
    belongs: (update, username) =>
      migrationOf(update) !== undefined || belongsTo(own.name, sharers, update, username),
    isUrgent: (update) =>
      "callback_query" in update ||
      "stopped_message_generation" in update ||
      urgent.has(commandOf(update)?.name ?? ""),
  };
}
