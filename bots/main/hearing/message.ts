import type { Context, Message } from "../../../shared/telegram/bot-api.ts";
import { attachmentOf } from "../attachments/attachment.ts";
import { commandIn, messageWords, sentOf } from "../attachments/message-words.ts";
import { mediaRefusal } from "../attachments/refusal.ts";
import { type CommandDesk, noSession } from "../commands/command-desk.ts";
import type { SessionFiles } from "../hosting/session-files.ts";
import type { Acceptance } from "../sessions/queue/intake.ts";

/** What a person says or sends: into the queue of the session that hears it. Ends when it is safe there. */
export async function hearMessage(
  desk: CommandDesk,
  files: SessionFiles,
  ctx: Context,
): Promise<void> {
  const { message } = ctx;
  if (message === undefined) return;
  const text = messageWords(message);
  const name = commandIn(text);
  if (name !== undefined) {
    // In a group it may be another bot's; one that names a bot reaches that bot alone.
    const isOurs = desk.placeOf(ctx).chatId > 0 || name.includes("@");
    if (!isOurs) return;
    return desk.reply(ctx, { markdown: `Unknown command ${name}. Use /help to see all.` });
  }
  const hasFile = attachmentOf(message) !== undefined;
  if (text === "" && !hasFile) return refuse(desk, ctx, message);
  let problems: readonly string[] = [];
  const acceptance = await desk.sessions.accept({
    id: desk.messageId(ctx),
    order: ctx.update.update_id,
    place: desk.placeOf(ctx),
    text,
    sent: sentOf(message),
    ...(hasFile
      ? {
          fetchFiles: async (folderId: string, signal: AbortSignal) => {
            const either = AbortSignal.any([signal, desk.signalOf(ctx)]);
            const fetched = await files.fetch(message, folderId, either);
            ({ problems } = fetched);
            return fetched;
          },
        }
      : {}),
  });
  if (problems.length > 0) await desk.reply(ctx, { markdown: problems.join("\n") });
  await tell(desk, ctx, acceptance);
}

async function tell(
  desk: CommandDesk,
  ctx: Context,
  acceptance: Acceptance | undefined,
): Promise<void> {
  if (acceptance === undefined) {
    // In a group people talk to each other, too.
    const { chatId, topicId } = desk.placeOf(ctx);
    if (chatId > 0 || topicId !== undefined) await desk.reply(ctx, { markdown: noSession });
    return;
  }
  if (acceptance.kind === "stopped") {
    // Its receipt tells of it; a group lets few messages through.
    if (acceptance.how === "counted") return;
    const markdown =
      acceptance.how === "lost"
        ? "Cancelled before its file was there. To have it, send it again."
        : "Cancelled: it was sent before the stop.";
    return desk.reply(ctx, { markdown });
  }
  // One note for each coming turn: a group lets few messages through.
  if (acceptance.kind !== "accepted" || !acceptance.mustWait || acceptance.joins) return;
  const { message, ahead, session } = acceptance;
  const { seq } = message;
  const place = desk.placeOf(ctx);
  const behalf = { updates: [ctx.update.update_id] };
  await desk.chat.waits(place, seq, { ahead, forDecision: session.isBlocked }, behalf);
  // Its turn may have come while this was said.
  if (!desk.sessions.isWaiting(seq)) desk.chat.left(place, seq, "taken");
}

/** Voice and the like; service messages (a title changed, a member came) say nothing to anybody. */
async function refuse(desk: CommandDesk, ctx: Context, message: Message): Promise<void> {
  const refusal = mediaRefusal(message);
  if (refusal !== undefined) await desk.reply(ctx, { markdown: refusal });
}
