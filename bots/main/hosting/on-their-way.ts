import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Update } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { attachmentOf } from "../attachments/attachment.ts";
import { commandIn, messageWords } from "../attachments/message-words.ts";
import type { SessionParts } from "../sessions/session-parts.ts";

type Hands = Pick<BotContext, "unhandled" | "botId"> & {
  readonly outbox: {
    readonly migrated: { resolve(chatId: number | string): number | string };
  };
};

/**
 * Where the messages were sent that the bot has in hand and no session has yet: their conversation is at work on others
 * before them, or the bot is at work on too many conversations.
 * @param knows whether a session has it, by its id
 */
export function onTheirWay(
  { unhandled, botId, outbox }: Hands,
  knows: (id: string) => boolean,
): SessionParts["onTheirWay"] {
  return (order) =>
    unhandled().flatMap(({ update, updateId }) => {
      const { chatId, topicId } = conversationOf(update);
      if (updateId >= order || chatId === undefined || !isForSession(update)) return [];
      if (knows(`${botId}/${updateId}`)) return [];
      const place = { chatId: Number(outbox.migrated.resolve(chatId)) };
      return [topicId === undefined ? place : { ...place, topicId }];
    });
}

function isForSession(update: Update): boolean {
  if (!("message" in update) || update.message === undefined) return false;
  const words = messageWords(update.message);
  if (commandIn(words) !== undefined) return false;
  return words !== "" || attachmentOf(update.message) !== undefined;
}
