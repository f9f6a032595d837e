import type { Explanation } from "../../control/contract/explanation.ts";
import type { BotBook } from "./bot-book.ts";
import { turnNumbered } from "./turns.ts";

type OwnMessage = Explanation["messages"][number];

/** What our bots said as one message. */
export function ownMessages(
  books: readonly BotBook[],
  messageId: number,
  chats: readonly (number | string)[],
): OwnMessage[] {
  return books.flatMap((book) =>
    book.messagesAs(messageId, chats).map(({ message, cause }) => ({
      ...message,
      bot: book.bot,
      updates: [...(cause?.updates ?? [])],
    })),
  );
}

/** Who said it, when, and on whose behalf. */
export function sayMessage(message: OwnMessage, books: readonly BotBook[]): string {
  const { bot, at, messageIds, conversation, updates } = message;
  const when = new Date(at).toISOString();
  if (bot === "supervisor")
    return `Message ${messageIds.join(", ")} in ${conversation} is an alert of the supervisor, which sent it at ${when} with main's token.`;
  const what = message.state === "growing" ? "showed it while it grew" : "sent it";
  return `Message ${messageIds.join(", ")} in ${conversation} is of ${bot}, which ${what} at ${when} ${behalfWords(message, updates, books)}.`;
}

function behalfWords(
  { bot, turn }: OwnMessage,
  updates: readonly number[],
  books: readonly BotBook[],
): string {
  const book = books.find((each) => each.bot === bot);
  const known = turn === undefined || book === undefined ? undefined : turnNumbered(book, turn);
  const agent = known?.pid === undefined ? "" : `, agent pid ${known.pid}`;
  const by =
    turn === undefined ? "" : ` in turn ${turn}${known ? ` of session ${known.name}` : ""}${agent}`;
  if (updates.length > 0)
    return `because of update${updates.length === 1 ? "" : "s"} ${updates.join(", ")}${by}`;
  return by === ""
    ? "of its own accord: no update asked for it"
    : `${by.trim()}, which its agent began by itself`;
}
