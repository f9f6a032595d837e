import type { SplitPort } from "../delivery/ports.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import { Entry } from "../queue/entry.ts";
import type { Outcome, TelegramCall } from "../queue/item.ts";
import type { OutboxQueue } from "../queue/outbox-queue.ts";

export interface ReplaceParts {
  readonly split: SplitPort;
  readonly journal: AnswerJournal;
  readonly queue: OutboxQueue;
  readonly nowMs: () => number;
}

/**
 * Puts something else in the place of an answer that Telegram refused: its simpler form, or its parts. They are written
 * down before it is struck off; their ids make a crash in between harmless.
 * @returns false where there is nothing else, or it cannot be written down
 */
export async function replaceAnswer(
  parts: ReplaceParts,
  entry: Entry,
  call: TelegramCall,
): Promise<boolean> {
  const { journal, queue } = parts;
  const calls = entry.start.instead ?? parts.split(call);
  if (calls === undefined || calls.length === 0) return false;
  const pieces: Entry[] = [];
  for (const [index, { method, params }] of calls.entries()) {
    const piece = new Entry({
      kind: "answer",
      place: entry.place,
      enqueuedMs: parts.nowMs(),
      compose: () => ({ method, params }),
      facts: { ...entry.facts, plain: false },
    });
    if (entry.seq !== undefined) {
      const accepted = await accept(journal, { method, params }, entry.seq, index);
      if (accepted === "refused") return false;
      // Sent already, before a crash.
      if (accepted === "ended") continue;
      piece.seq = accepted;
    }
    pieces.push(piece);
  }
  if (entry.seq !== undefined) journal.sent(entry.seq, []);
  collect(entry, pieces);
  for (const piece of pieces.toReversed()) queue.putBack(piece);
  return true;
}

async function accept(
  journal: AnswerJournal,
  call: TelegramCall,
  whole: number,
  index: number,
): Promise<number | "ended" | "refused"> {
  try {
    const acceptance = await journal.accept(call, `#${whole}/${index}`, whole);
    return acceptance.state === "ended" ? "ended" : acceptance.seq;
  } catch {
    // Refused by the disk: the whole answer stays what it is, and its failure is told.
    return "refused";
  }
}

/** The whole ends when its last piece has: with all message ids, or with the first failure. */
function collect(entry: Entry, pieces: readonly Entry[]): void {
  const outcomes: Outcome[] = [];
  if (pieces.length === 0) entry.end({ state: "sent", result: undefined, messageIds: [] });
  for (const piece of pieces) {
    piece.onEnd((outcome) => {
      outcomes.push(outcome);
      if (outcomes.length < pieces.length) return;
      const bad = outcomes.find(({ state }) => state !== "sent");
      const messageIds = outcomes.flatMap((each) => (each.state === "sent" ? each.messageIds : []));
      entry.end(bad ?? { state: "sent", result: undefined, messageIds });
    });
  }
}
