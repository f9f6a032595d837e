import { join } from "node:path";
import { isFields } from "../../../shared/fields.ts";
import { type FoundRecords, findRecords } from "../../../shared/intake/update-log/find-records.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import { updateLogDir } from "../../../shared/intake/update-log/open-log.ts";
import { FolderStorage } from "../../../shared/intake/update-log/segments/folder-storage.ts";
import { payloadOf } from "../../../shared/telegram/conversation.ts";
import { namesIn } from "../names-in.ts";
import type { Subject } from "./subject.ts";

type Message = Extract<Subject, { kind: "message" }>;

/** The update log of one token. */
export interface UpdateLog {
  readonly botId: number;
  readonly dir: string;
  /** The bots that read it. */
  readonly readers: readonly string[];
}

/** What was found in one log. */
export interface LogSight extends FoundRecords {
  readonly log: UpdateLog;
}

export async function updateLogs(stateDir: string): Promise<UpdateLog[]> {
  const names = await namesIn(join(stateDir, "updates"));
  return Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const dir = updateLogDir(stateDir, Number(name));
        const cursors = await namesIn(join(dir, "cursors"));
        const readers = cursors.flatMap((file) => /^(\w+)\.jsonl$/.exec(file)?.[1] ?? []);
        return { botId: Number(name), dir, readers };
      }),
  );
}

export async function findUpdate(log: UpdateLog, updateId: number): Promise<LogSight> {
  const sight = await findRecords(new FolderStorage(log.dir), {
    mayBe: (line) => line.includes(`"id":${updateId}`),
    isMeant: (record) => record.updateId === updateId,
  });
  return { ...sight, log };
}

/** The updates that brought a message, or a change of it; not the presses of its buttons. */
export async function findMessage(log: UpdateLog, { chat, messageId }: Message): Promise<LogSight> {
  const sight = await findRecords(new FolderStorage(log.dir), {
    mayBe: (line) => line.includes(`"message_id":${messageId}`),
    isMeant: ({ update }) => {
      const payload = payloadOf(update)[1];
      return payload?.["message_id"] === messageId && isChat(payload["chat"], chat);
    },
  });
  return { ...sight, log };
}

/** What bots may call a chat that a link names. Without any update from there only its name is known. */
export async function chatNames(
  logs: readonly UpdateLog[],
  chat: Message["chat"],
): Promise<(number | string)[]> {
  if ("id" in chat) return [chat.id, String(chat.id)];
  const names: (number | string)[] = [`@${chat.username}`];
  for (const log of logs) {
    const { found } = await findRecords(new FolderStorage(log.dir), {
      mayBe: (line) => line.toLowerCase().includes(`"username":"${chat.username}"`),
      isMeant: (record) => isChat(chatOf(record), chat),
    });
    const id = found.map(chatOf).find(isFields)?.["id"];
    if (typeof id === "number") names.push(id);
  }
  return names;
}

function chatOf({ update }: JournalRecord): unknown {
  const payload = payloadOf(update)[1];
  const message = payload?.["message"];
  return (isFields(message) ? message : payload)?.["chat"];
}

function isChat(found: unknown, chat: Message["chat"]): boolean {
  if (!isFields(found)) return false;
  if ("id" in chat) return found["id"] === chat.id;
  const { username } = found;
  return typeof username === "string" && username.toLowerCase() === chat.username;
}
