import type { BotHandler } from "../../../shared/bot-runtime/commands/reply.ts";
import { ChainError } from "../../../shared/chain/chain-error.ts";
import { errorMessage, isStorageTrouble, OperatorError } from "../../../shared/errors.ts";
import { markdownText } from "../../../shared/outbound/render/markdown/markdown-text.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { Person } from "../ledger/ledger.ts";
import type { Desk } from "./desk.ts";
import { personOf } from "./person.ts";

export type Asked = (ctx: Context, person: Person) => Promise<void>;

/** A command of somebody: who asks too often waits, and trouble of chain or disk is told instead of thrown. */
export function asked(desk: Desk, handle: Asked): BotHandler {
  return (ctx) => heard(desk, ctx, handle, (text) => desk.say(ctx, markdownText(text)));
}

/** The same for a pressed button. */
export function pressed(desk: Desk, handle: Asked): BotHandler {
  return (ctx) => heard(desk, ctx, handle, (text) => desk.hear(ctx, text));
}

async function heard(
  desk: Desk,
  ctx: Context,
  handle: Asked,
  tell: (text: string) => Promise<void>,
): Promise<void> {
  const person = personOf(ctx);
  if (person === undefined) {
    return tell("Trades have an owner: write as yourself, not as a channel or anonymously.");
  }
  const turn = desk.parts.rate.take(person.user);
  if (turn === "tell") return tell("That was a lot at once. Try again in a minute.");
  if (turn === "silent") return;
  try {
    await handle(ctx, person);
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === undefined) throw error;
    desk.parts.log.warn("a command could not be served", { error });
    await tell(trouble);
  }
}

/** What a person can be told; undefined for what is unexpected. */
function troubleOf(error: unknown): string | undefined {
  if (error instanceof ChainError)
    return "The market cannot be asked just now. Nothing was traded; try again in a while.";
  if (isStorageTrouble(error))
    return "Nothing can be written down just now, so nothing was traded. Try again in a while.";
  return error instanceof OperatorError ? errorMessage(error) : undefined;
}
