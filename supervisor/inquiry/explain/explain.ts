import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import { systemErrorCode } from "../../../shared/errors.ts";
import { isFields } from "../../../shared/fields.ts";
import { deadLettersPath, peekDeadLetters } from "../../../shared/intake/cursor/dead-letters.ts";
import { cursorPath, peekProgress } from "../../../shared/intake/cursor/open-cursor.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import { LogReader } from "../../../shared/intake/update-log/log-reader.ts";
import { updateLogDir } from "../../../shared/intake/update-log/open-log.ts";
import type { Log } from "../../../shared/logger.ts";
import { peekAnswers, type SeenAnswer } from "../../../shared/outbound/durable/peek-answers.ts";
import { payloadOf } from "../../../shared/telegram/conversation.ts";
import type { Explanation } from "../../control/contract/orders.ts";
import { type LogSight, sayWay, whyUnknown } from "./sentences.ts";
import { parseSubject, type Subject } from "./subject.ts";

export interface ExplainDeps {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

type Way = Explanation["updates"][number];
type Handling = Way["bots"][number];

/**
 * The way of an update, from the update log, the cursors, the dead letters and the journals of answers; only reads.
 * @throws UsageError for what is no update and no message; the system's error
 */
export async function explain(what: string, deps: ExplainDeps): Promise<Explanation> {
  const asked = parseSubject(what);
  const answers = await allAnswers(deps.stateDir);
  // A message of ours leads to the update that it answers.
  const cause = asked.kind === "message" ? causeOf(asked, answers) : undefined;
  const subject = cause ?? asked;
  const sights: LogSight[] = [];
  for (const botId of await numbersIn(join(deps.stateDir, "updates")))
    sights.push(await lookInto(botId, subject, deps));
  const updates: Way[] = [];
  for (const { botId, found } of sights)
    for (const record of found) updates.push(await wayOf(botId, record, answers, deps));
  const leads =
    cause === undefined || asked.kind !== "message"
      ? []
      : [`Message ${asked.messageId} is an answer to update ${cause.updateId}.`];
  const said = updates.length > 0 ? updates.flatMap(sayWay) : whyUnknown(subject, sights);
  return { said: [...leads, ...said], updates };
}

interface BotAnswer extends SeenAnswer {
  readonly bot: string;
  readonly cause: { readonly botId: number; readonly updateId: number } | undefined;
}

async function allAnswers(stateDir: string): Promise<BotAnswer[]> {
  const all: BotAnswer[] = [];
  for (const bot of await namesIn(join(stateDir, "outbox"))) {
    for (const answer of await peekAnswers(join(stateDir, "outbox", bot, "answers.jsonl"))) {
      const [, botId, updateId] = /^\w+ (\d+)\/(\d+)\//.exec(answer.id) ?? [];
      const cause =
        updateId === undefined ? undefined : { botId: Number(botId), updateId: Number(updateId) };
      all.push({ ...answer, bot, cause });
    }
  }
  return all;
}

function causeOf(
  { chat, messageId }: Extract<Subject, { kind: "message" }>,
  answers: readonly BotAnswer[],
): Extract<Subject, { kind: "update" }> | undefined {
  // Ids of messages are counted per chat; only an answer that names its chat proves whose it is.
  const ours = answers.find(
    (answer) =>
      answer.messageIds.includes(messageId) && "id" in chat && Number(answer.chatId) === chat.id,
  );
  return ours?.cause === undefined ? undefined : { kind: "update", ...ours.cause };
}

async function lookInto(
  botId: number,
  subject: Subject,
  { stateDir, clock, log }: ExplainDeps,
): Promise<LogSight> {
  const reader = new LogReader({ dir: updateLogDir(stateDir, botId), clock, log });
  const found: JournalRecord[] = [];
  let oldest: JournalRecord | undefined;
  let newest: JournalRecord | undefined;
  for await (const record of reader.readFrom(0)) {
    oldest ??= record;
    newest = record;
    if (isMeant(subject, record)) found.push(record);
  }
  return { botId, found, oldest, newest };
}

function isMeant(subject: Subject, record: JournalRecord): boolean {
  if (subject.kind === "update") return record.updateId === subject.updateId;
  const payload = payloadOf(record.update)[1];
  const message = isFields(payload?.["message"]) ? payload["message"] : payload;
  const chat = message?.["chat"];
  if (!isFields(chat) || message?.["message_id"] !== subject.messageId) return false;
  if ("id" in subject.chat) return chat["id"] === subject.chat.id;
  const { username } = chat;
  return typeof username === "string" && username.toLowerCase() === subject.chat.username;
}

async function wayOf(
  botId: number,
  record: JournalRecord,
  answers: readonly BotAnswer[],
  { stateDir }: ExplainDeps,
): Promise<Way> {
  const dir = updateLogDir(stateDir, botId);
  const names = await namesIn(join(dir, "cursors"));
  const bots: Handling[] = [];
  for (const name of names.flatMap((file) => /^(\w+)\.jsonl$/.exec(file)?.[1] ?? [])) {
    const letters = await peekDeadLetters(deadLettersPath(dir, name));
    const letter = letters.find(({ seq }) => seq === record.seq);
    const progress = peekProgress(cursorPath(dir, name));
    const past = progress?.past(record.seq);
    const error = letter?.error ?? past?.lastError;
    const state =
      letter !== undefined
        ? "given_up"
        : progress?.isHandled(record.seq) === true
          ? "done"
          : (progress?.begun(record.seq) ?? 0) > 0
            ? "open"
            : "unread";
    bots.push({
      bot: name,
      state,
      attempts: letter?.attempts ?? progress?.begun(record.seq) ?? 0,
      ...(error === undefined ? {} : { error }),
      answers: answers
        .filter(
          (answer) =>
            answer.bot === name &&
            answer.cause?.botId === botId &&
            answer.cause.updateId === record.updateId,
        )
        .map(({ state: sent, atMs, messageIds, reason }) => ({
          state: sent,
          at: atMs,
          messageIds: [...messageIds],
          ...(reason === undefined ? {} : { reason }),
        })),
    });
  }
  const { updateId, seq, epoch, receivedAtMs, key } = record;
  const kind = payloadOf(record.update)[0];
  return { botId, updateId, seq, epoch, receivedAt: receivedAtMs, kind, conversation: key, bots };
}

async function numbersIn(folder: string): Promise<number[]> {
  return (await namesIn(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Sorted; empty where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}
