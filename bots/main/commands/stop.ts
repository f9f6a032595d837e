import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { StopScope } from "../sessions/scope/stop-receipt.ts";
import type { CommandDesk } from "./command-desk.ts";
import { receiptWords } from "./receipt-words.ts";
import type { SessionCommand } from "./session-command.ts";

export const stop: SessionCommand = {
  command: "stop",
  description: "Stop what runs here (without a topic: in the whole chat)",
  urgent: true,
  run: (desk, ctx) => stopHere(desk, ctx),
};

export const stopAll: SessionCommand = {
  command: "stop_all",
  description: "Stop what runs in all topics of this chat",
  urgent: true,
  run: (desk, ctx) => stopScope(desk, ctx, { kind: "chat", chatId: desk.placeOf(ctx).chatId }),
};

/** The conversation, or, where there are no topics, the whole chat. */
export function stopHere(desk: CommandDesk, ctx: Context): Promise<void> {
  const place = desk.placeOf(ctx);
  const scope: StopScope =
    place.topicId === undefined
      ? { kind: "chat", chatId: place.chatId }
      : { kind: "conversation", place };
  return stopScope(desk, ctx, scope);
}

async function stopScope(desk: CommandDesk, ctx: Context, scope: StopScope): Promise<void> {
  // Recorded first: a stop that ends our own process must not be repeated by the next one.
  const receipt = await desk.sessions.stop(scope, ctx.update.update_id, () => desk.handledNow(ctx));
  await desk.replyFirst(ctx, receiptWords(receipt, scope.kind === "chat"));
}
