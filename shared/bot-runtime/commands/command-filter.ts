import type { BotHandler } from "./reply.ts";

/**
 * Drops commands addressed to another bot (`/status@other_bot`): in a group every bot sees them, and the library's
 * `command()` does not look at the name behind the @.
 * @param username gives our own user name, undefined until Telegram told it
 */
export function ignoreOthersCommands(username: () => string | undefined): BotHandler {
  return async (ctx, next) => {
    const text = ctx.message?.text ?? ctx.channelPost?.text;
    const addressee = text === undefined ? undefined : /^\/\w+@(\w+)/.exec(text)?.[1];
    if (addressee !== undefined && addressee.toLowerCase() !== username()?.toLowerCase()) return;
    await next();
  };
}
