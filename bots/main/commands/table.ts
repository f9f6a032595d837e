import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { reply } from "../../../shared/bot-runtime/commands/reply.ts";
import { commandTable } from "../../../shared/bot-runtime/commands/standard-commands.ts";
import { archive } from "./archive.ts";
import { newSession } from "./new-session.ts";
import type { SessionCommand } from "./session-command.ts";
import { agent, cost, queue } from "./session-facts.ts";
import { sessionList, switchSession } from "./session-list.ts";
import { model, timeout } from "./session-settings.ts";
import { stop, stopAll } from "./stop.ts";

/** Makes the handlers, the help, and what Telegram shows in its menu. */
export const sessionCommands: readonly SessionCommand[] = [
  newSession,
  sessionList,
  switchSession,
  stop,
  stopAll,
  queue,
  timeout,
  model,
  agent,
  cost,
  archive,
];

/** `/help` of main: what every bot has, then the section of the sessions. */
export const help: BotHandler = (ctx) => reply(ctx, helpText());

export function helpText(): string {
  const own = commandTable([]).map(({ command, description }) => `/${command} - ${description}`);
  const sessions = sessionCommands.map(
    ({ command, usage, description }) =>
      `/${command}${usage === undefined ? "" : ` ${usage}`} - ${description}`,
  );
  return [...own, "", "Claude Sessions", ...sessions].join("\n");
}
