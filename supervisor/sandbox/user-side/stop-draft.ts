import type { MessageGenerationStopped } from "../../../shared/telegram/bot-api.ts";
import type { DraftDesk } from "../drafts/draft-desk.ts";
import type { SandboxChat } from "../world/model.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import type { StopDraftOrder } from "./orders.ts";

/** A person stops what a bot is writing; the bot hears of it. Returns the draft's id. @throws Refusal */
export function stopDraft(
  world: World,
  drafts: DraftDesk,
  chat: SandboxChat,
  order: StopDraftOrder,
): number {
  if (!chat.members.has(order.from))
    throw new Refusal(`User ${order.from} is no member of this chat.`);
  const threadId = order.message_thread_id ?? undefined;
  const draft = drafts.stop(chat.id, threadId, order.draft_id ?? undefined);
  if (draft === undefined) throw new Refusal("There is no draft here that can be stopped.", 404);
  const update: MessageGenerationStopped = {
    chat: chat.view,
    ...(threadId === undefined ? {} : { message_thread_id: threadId }),
    draft_id: draft.draft_id,
  };
  world.ports.deliver(draft.bot, "stopped_message_generation", JSON.stringify(update));
  return draft.draft_id;
}
