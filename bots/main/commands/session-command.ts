import type { BotCommand } from "../../../shared/bot-runtime/define-bot.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { CommandDesk } from "./command-desk.ts";

/** One row of the table: what Telegram shows, what the help shows, and what is done. */
export interface SessionCommand extends BotCommand {
  /** Behind the name in the help, such as `<minutes>`. */
  readonly usage?: string;
  /** @param argument what follows the command, trimmed */
  run(desk: CommandDesk, ctx: Context, argument: string): Promise<void>;
}
