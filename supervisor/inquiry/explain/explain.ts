import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import { payloadOf } from "../../../shared/telegram/conversation.ts";
import type { Explanation, Way } from "../../control/contract/explanation.ts";
import { BotBook } from "./bot-book.ts";
import { handlingOf } from "./handling.ts";
import { ownMessages, sayMessage } from "./own-message.ts";
import { resultOf } from "./result.ts";
import { sayWay } from "./say-way.ts";
import { stationsOf } from "./stations.ts";
import { parseSubject } from "./subject.ts";
import { whyUnknown } from "./unknown.ts";
import {
  chatNames,
  findMessage,
  findUpdate,
  type LogSight,
  type UpdateLog,
  updateLogs,
} from "./update-logs.ts";

/**
 * The way of an update, from the update log, the cursors, the dead letters, and the chronicles and journals of the bots;
 * only reads. A message leads to the update that brought it, or that it was sent for.
 * @throws UsageError for what is no update and no message; the system's error
 */
export async function explain(what: string, stateDir: string): Promise<Explanation> {
  const subject = parseSubject(what);
  const books = await BotBook.all(stateDir);
  const logs = await updateLogs(stateDir);
  const isMessage = subject.kind === "message";
  const messages = isMessage
    ? ownMessages(books, subject.messageId, await chatNames(logs, subject.chat))
    : [];
  const sights = await Promise.all(
    logs.map((log) => (isMessage ? findMessage(log, subject) : findUpdate(log, subject.updateId))),
  );
  const asked = new Map(messages.flatMap(({ bot, updates }) => updates.map((id) => [id, bot])));
  for (const [updateId, bot] of asked)
    for (const log of logs.filter(({ readers }) => readers.includes(bot)))
      sights.push(await findUpdate(log, updateId));
  const updates = await waysOf(sights, books);
  const leads = messages.map((message) => sayMessage(message, books));
  const isKnown = messages.length > 0 || updates.length > 0;
  const said = isKnown
    ? [...leads, ...updates.flatMap((way) => ["", ...sayWay(way)])]
    : whyUnknown(subject, sights);
  return { said: said[0] === "" ? said.slice(1) : said, updates, messages };
}

/** Each update once, however it was found. */
async function waysOf(sights: readonly LogSight[], books: readonly BotBook[]): Promise<Way[]> {
  const ways = new Map<string, Way>();
  for (const { log, found } of sights)
    for (const record of found)
      ways.set(`${log.botId}/${record.updateId}`, await wayOf(log, record, books));
  return [...ways.values()].toSorted((a, b) => a.receivedAt - b.receivedAt);
}

async function wayOf(
  { botId, dir, readers }: UpdateLog,
  record: JournalRecord,
  books: readonly BotBook[],
): Promise<Way> {
  const { updateId, seq, epoch, receivedAtMs: receivedAt, key: conversation } = record;
  const bots = await Promise.all(
    readers.map((bot) => {
      const book = books.find((each) => each.bot === bot);
      return handlingOf(dir, bot, record, book);
    }),
  );
  const stations = stationsOf(record, bots, books);
  const result = resultOf(record, bots);
  const kind = payloadOf(record.update)[0];
  return { botId, updateId, seq, epoch, receivedAt, kind, conversation, bots, stations, result };
}
