import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { isRepeatable } from "../delivery/method-kind.ts";
import type { MigratedChats } from "../delivery/migrated-chats.ts";
import type { OutboxHooks } from "../delivery/ports.ts";
import type { AnswerJournal } from "../durable/answer-journal.ts";
import type { OpenAnswer } from "../durable/ledger.ts";
import { Entry, freshFacts } from "../queue/entry.ts";
import { type Place, placeOf } from "../queue/item.ts";

/**
 * How long a new life must last before an answer is tried again of which so many earlier lives left the outcome unknown. A
 * process that dies soon after each start would send (or lose) it each time; a first crash costs no time. Beyond the list it is
 * given up: it may be why the process dies.
 */
const patienceMs: readonly number[] = [0, 0, 2_000, 10_000, 60_000, 60_000];

interface Recovered {
  readonly entries: readonly { readonly entry: Entry; readonly seq: number }[];
  /** Not sent again. */
  readonly hopeless: readonly Hopeless[];
}

interface Hopeless {
  readonly seq: number;
  readonly place: Place | undefined;
  readonly reason: string;
}

export interface RecoveryParts {
  readonly journal: AnswerJournal;
  readonly migrated: MigratedChats;
  readonly hooks?: OutboxHooks;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes over what an earlier life accepted and did not send.
 * @param readmit called for each answer to send, in order
 * @returns how many these are
 */
export function recoverAnswers(
  { journal, migrated, hooks, clock, log }: RecoveryParts,
  readmit: (entry: Entry, seq: number) => void,
): number {
  const { entries, hopeless } = unsentEntries(journal.unsent, clock.monotonic(), (chatId) =>
    migrated.resolve(chatId),
  );
  for (const { seq, reason, place } of hopeless) {
    const answerId = journal.producerIdOf(seq);
    journal.failed(seq, reason);
    log.error("An answer of an earlier life is given up.", { ...place, answerId, reason });
    hooks?.onAnswerFailed?.({ place, answerId, reason });
  }
  for (const { entry, seq } of entries) readmit(entry, seq);
  if (entries.length + hopeless.length > 0) {
    log.info("Answers of an earlier life are sent now.", {
      count: entries.length,
      givenUp: hopeless.length || undefined,
    });
  }
  return entries.length;
}

/**
 * What to do with answers that an earlier life accepted: those never tried go plainly, the others carry a mark. What
 * earlier lives left unknown does not count against this one, which has its own repeat.
 */
function unsentEntries(
  unsent: readonly OpenAnswer[],
  nowMs: number,
  resolveChat: (chatId: number | string) => number | string,
): Recovered {
  const entries: { entry: Entry; seq: number }[] = [];
  const hopeless: Hopeless[] = [];
  for (const { seq, method, params, unknownLives, instead, isOnlyInPlace } of unsent) {
    const place = placeOf(params);
    const waitMs = patienceMs[unknownLives];
    if (place === undefined) {
      hopeless.push({ seq, place, reason: "it has no chat" });
    } else if (waitMs === undefined) {
      hopeless.push({
        seq,
        place,
        reason: `nobody knows whether it arrived, after ${unknownLives} lives of the process that tried`,
      });
    } else {
      const isMarked = unknownLives > 0 && !isRepeatable(method);
      const entry = new Entry({
        kind: "answer",
        place: { ...place, chatId: resolveChat(place.chatId) },
        enqueuedMs: nowMs,
        compose: () => ({ method, params }),
        ...(instead === undefined ? {} : { instead }),
        ...(isOnlyInPlace === true ? { isOnlyInPlace } : {}),
        facts: isMarked ? { ...freshFacts, mark: "restart" } : freshFacts,
      });
      entry.notBeforeMs = nowMs + waitMs;
      entries.push({ entry, seq });
    }
  }
  return { entries, hopeless };
}
