import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { Message, Update } from "../../../shared/telegram/bot-api.ts";
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
      const text = wordsOf(message);
      if (text === undefined) return [];
      // As the library looks for commands, in what was forwarded, too.
      const command = commandIn(message.text ?? message.caption ?? "");
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

/** Undefined for a message that is none of those we know: its handler will fail, and be counted; a stop must not. */
function wordsOf(message: Message): string | undefined {
  try {
    return messageWords(message);
  } catch {
    return undefined;
  }
}
