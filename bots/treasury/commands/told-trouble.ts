import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { OperatorError } from "../../../shared/errors.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { Treasury } from "../treasury.ts";

/** A handler whose trouble with chain or configuration is told to who asked, instead of thrown. */
export function toldTrouble(
  { parts: { log } }: Treasury,
  answer: BotContext["answer"],
  handle: (ctx: Context) => Promise<void>,
): BotHandler {
  return async (ctx) => {
    try {
      await handle(ctx);
    } catch (error) {
      const text = troubleOf(error);
      if (text === undefined) throw error;
      log.warn("a command could not be served", { error });
      await answer(ctx, markdownText(text));
    }
  };
}

function troubleOf(error: unknown): string | undefined {
  if (error instanceof ChainError)
    return "The chain cannot be asked just now. Try again in a while.";
  return error instanceof OperatorError ? error.message : undefined;
}
