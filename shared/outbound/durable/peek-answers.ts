import { readIfThere } from "../../storage/atomic-file.ts";
import { decodeRecord } from "./answer-line.ts";

/** An answer as its bot's journal tells of it. */
export interface SeenAnswer {
  /** Names its cause: `answer <bot id>/<update id>/...`; `#<number>` where it has none. */
  readonly id: string;
  readonly state: "waiting" | "sent" | "failed";
  readonly atMs: number;
  /** Undefined for what the journal has been written anew since. */
  readonly chatId: unknown;
  readonly messageIds: readonly number[];
  readonly reason: string | undefined;
}

/** What a bot's journal says, without any effect on it: the bot may be writing. Empty where there is none. */
export async function peekAnswers(path: string): Promise<SeenAnswer[]> {
  const open = new Map<number, SeenAnswer>();
  const ended: SeenAnswer[] = [];
  for (const line of (await readIfThere(path)).split("\n")) {
    const record = decodeRecord(line);
    if (record?.t === "accepted") {
      const { id, atMs, params } = record;
      const chatId = params["chat_id"];
      open.set(record.seq, {
        id,
        state: "waiting",
        atMs,
        chatId,
        messageIds: [],
        reason: undefined,
      });
    } else if (record?.t === "sent" || record?.t === "failed") {
      const answer = open.get(record.seq);
      open.delete(record.seq);
      if (answer === undefined) continue;
      const { atMs } = record;
      const end =
        record.t === "sent" ? { messageIds: record.messageIds } : { reason: record.reason };
      ended.push({ ...answer, state: record.t, atMs, ...end });
    } else if (record?.t === "ended") {
      const { id, atMs, messageIds } = record;
      ended.push({
        id,
        state: messageIds === undefined ? "failed" : "sent",
        atMs,
        chatId: undefined,
        messageIds: messageIds ?? [],
        reason: messageIds === undefined ? "given up, although it may have arrived" : undefined,
      });
    } else if (record?.t === "replaced") {
      const whole = open.get(record.seq);
      open.delete(record.seq);
      if (whole !== undefined) for (const { seq } of record.by) open.set(seq, whole);
    }
  }
  return [...ended, ...open.values()];
}
