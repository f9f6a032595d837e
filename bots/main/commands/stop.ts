import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { StopReceipt, StopScope } from "../sessions/scope/stop-receipt.ts";
import type { CommandDesk } from "./command-desk.ts";
import { receiptWords } from "./receipt-words.ts";
import type { SessionCommand } from "./session-command.ts";

export const turnOver = "That turn is over. /stop ends what runs here now.";

export const stop: SessionCommand = {
  command: "stop",
  description: "Stop what runs here (without a topic: in the whole chat)",
  urgent: true,
  run: stopHere,
};

export const stopAll: SessionCommand = {
  command: "stop_all",
  description: "Stop what runs in all topics of this chat",
  urgent: true,
  run: (desk, ctx) => stopScope(desk, ctx, { kind: "chat", chatId: desk.placeOf(ctx).chatId }),
};

export function stopHere(desk: CommandDesk, ctx: Context): Promise<void> {
  return stopScope(desk, ctx, scopeOf(desk, ctx));
}

/** What a button under a running turn does; when that turn is over it would stop the wrong one. */
export async function stopTurn(desk: CommandDesk, ctx: Context, turn: number): Promise<void> {
  const { update_id: order } = ctx.update;
  const scope = scopeOf(desk, ctx);
  const recorded = () => desk.handledNow(ctx);
  const receipt = await desk.sessions.stopDuring(turn, scope, order, recorded);
  if (receipt === undefined) await desk.reply(ctx, { markdown: turnOver });
  else await tell(desk, ctx, receipt, scope);
}

/** The native button of a draft. */
export async function stopDraft(desk: CommandDesk, ctx: Context): Promise<void> {
  const { update } = ctx;
  const draft =
    "stopped_message_generation" in update ? update.stopped_message_generation : undefined;
  const turn = desk.chat.turnOfDraft(draft?.draft_id);
  if (turn === undefined) await desk.reply(ctx, { markdown: turnOver });
  else await stopTurn(desk, ctx, turn);
}

/** The conversation, or, where there are no topics, the whole chat. */
function scopeOf(desk: CommandDesk, ctx: Context): StopScope {
  const place = desk.placeOf(ctx);
  return place.topicId === undefined
    ? { kind: "chat", chatId: place.chatId }
    : { kind: "conversation", place };
}

async function stopScope(desk: CommandDesk, ctx: Context, scope: StopScope): Promise<void> {
  // Recorded first: a stop that ends our own process must not be repeated by the next one.
  const receipt = await desk.sessions.stop(scope, ctx.update.update_id, () => desk.handledNow(ctx));
  await tell(desk, ctx, receipt, scope);
}

async function tell(
  desk: CommandDesk,
  ctx: Context,
  receipt: StopReceipt,
  scope: StopScope,
): Promise<void> {
  await desk.replyFirst(ctx, receiptWords(receipt, scope.kind === "chat"));
  desk.sessions.told(receipt);
}
