import { readIfThere } from "../../storage/atomic-file.ts";
import type { Cause, Place } from "../queue/item.ts";
import { placeOf } from "../queue/item.ts";
import { decodeRecord } from "./answer-line.ts";

/** An answer that its bot has accepted and not sent. */
export interface WaitingAnswer {
  readonly place: Place | undefined;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  readonly cause: Cause | undefined;
}

/** What waits in a bot's journal, without any effect on it: the bot may be writing. Empty where there is none. */
export async function peekWaitingAnswers(path: string): Promise<WaitingAnswer[]> {
  const open = new Map<number, WaitingAnswer>();
  for (const line of (await readIfThere(path)).split("\n")) {
    const record = decodeRecord(line);
    if (record?.t === "accepted") {
      const { atMs: sinceMs, params, cause } = record;
      open.set(record.seq, { place: placeOf(params), sinceMs, cause });
    } else if (record?.t === "sent" || record?.t === "failed") open.delete(record.seq);
    else if (record?.t === "replaced") {
      const whole = open.get(record.seq);
      open.delete(record.seq);
      if (whole !== undefined) for (const { seq } of record.by) open.set(seq, whole);
    }
  }
  return [...open.values()];
}
