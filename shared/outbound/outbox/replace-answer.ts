import type { Replacement, SplitPort } from "../delivery/ports.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import { Entry } from "../queue/entry.ts";
import type { AnswerCall, Outcome, TelegramCall } from "../queue/item.ts";
import type { OutboxQueue } from "../queue/outbox-queue.ts";

export interface ReplaceParts {
  readonly split: SplitPort;
  readonly journal: AnswerJournal;
  readonly queue: OutboxQueue;
  readonly nowMs: () => number;
}

/**
 * Puts something else in the place of an answer that Telegram refused.
 * @returns false where there is nothing else
 * @throws AnswerNotStoredError when it cannot be written down; nothing is changed then
 */
export async function replaceAnswer(
  parts: ReplaceParts,
  entry: Entry,
  call: TelegramCall,
  by: Replacement,
): Promise<boolean> {
  const { journal, queue } = parts;
  const calls = replacements(parts.split, entry, call, by);
  if (calls === undefined || calls.length === 0) return false;
  const seqs = entry.seq === undefined ? [] : await journal.replace(entry.seq, calls);
  const pieces = calls.map(({ method, params, instead, isOnlyInPlace }, index) => {
    const piece = new Entry({
      kind: "answer",
      place: entry.place,
      enqueuedMs: parts.nowMs(),
      compose: () => ({ method, params }),
      ...(instead === undefined ? {} : { instead }),
      ...(isOnlyInPlace === true ? { isOnlyInPlace } : {}),
      ...(entry.start.isUrgent === true ? { isUrgent: true } : {}),
      facts: { ...entry.facts, plain: false },
    });
    piece.seq = seqs[index];
    return piece;
  });
  collect(entry, pieces);
  for (const piece of pieces.toReversed()) queue.putBack(piece);
  return true;
}

function replacements(
  split: SplitPort,
  { start: { instead, isOnlyInPlace } }: Entry,
  call: TelegramCall,
  by: Replacement,
): readonly AnswerCall[] | undefined {
  if (by !== "anew") {
    const calls = instead ?? split(call);
    return isOnlyInPlace === true ? calls?.map((each) => ({ ...each, isOnlyInPlace })) : calls;
  }
  return [{ ...sentAnew(call), ...(instead && { instead: instead.map(sentAnew) }) }];
}

/** An edit as a message of its own. */
function sentAnew(call: TelegramCall): TelegramCall {
  if (call.method !== "editMessageText") return call;
  const { message_id: _gone, ...params } = call.params;
  const isRich = params["rich_message"] !== undefined;
  return { method: isRich ? "sendRichMessage" : "sendMessage", params };
}

/** The whole ends when its last piece has: with all message ids, or with the first failure. */
function collect(entry: Entry, pieces: readonly Entry[]): void {
  const outcomes: Outcome[] = [];
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
