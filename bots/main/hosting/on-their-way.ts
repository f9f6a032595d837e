import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Update } from "../../../shared/telegram/bot-api.ts";
import { conversationOf } from "../../../shared/telegram/conversation.ts";
import { attachmentOf } from "../attachments/attachment.ts";
import { commandIn, messageWords, sentOf } from "../attachments/message-words.ts";
import type { SessionParts } from "../sessions/session-parts.ts";

type Hands = Pick<BotContext, "unhandled" | "botId"> & {
  readonly outbox: {
    readonly migrated: { resolve(chatId: number | string): number | string };
  };
};

/** After these another session hears what is said there. */
const choosingCommand = /^\/(new|session|archive)\b/;

/**
 * The messages that the bot has in hand and no session has yet: their conversation is at work on others before them, or
 * the bot is at work on too many conversations.
 * @param knows whether a session has it, by its id
 */
export function onTheirWay(
  { unhandled, botId, outbox }: Hands,
  knows: (id: string) => boolean,
): SessionParts["onTheirWay"] {
  return () => {
    const choosing = new Set<string>();
    return unhandled().flatMap(({ update, updateId: order }) => {
      const { chatId, topicId, key } = conversationOf(update);
      const message = messageOf(update);
      if (chatId === undefined || message === undefined) return [];
      const text = messageWords(message);
      const command = commandIn(text);
      if (command !== undefined) {
        if (choosingCommand.test(command)) choosing.add(key);
        return [];
      }
      const id = `${botId}/${order}`;
      const hasFile = attachmentOf(message) !== undefined;
      if ((text === "" && !hasFile) || knows(id)) return [];
      const chat = { chatId: Number(outbox.migrated.resolve(chatId)) };
      const place = topicId === undefined ? chat : { ...chat, topicId };
      const isForAnother = choosing.has(key);
      return [{ id, order, place, text, sent: sentOf(message), hasFile, isForAnother }];
    });
  };
}

function messageOf(update: Update) {
  return "message" in update ? update.message : undefined;
}
