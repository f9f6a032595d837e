import { isRepeatable } from "../delivery/method-kind.ts";
import type { OpenAnswer } from "../durable/ledger.ts";
import { Entry, freshFacts } from "../queue/entry.ts";
import { type Place, placeOf } from "../queue/item.ts";

/**
 * So many attempts of one answer may end with the process. An answer that is sent each time the process dies may be why
 * it dies.
 */
const mostUnknownOutcomes = 3;

export interface Recovered {
  readonly entries: readonly { readonly entry: Entry; readonly seq: number }[];
  /** Not sent again. */
  readonly hopeless: readonly Hopeless[];
}

interface Hopeless {
  readonly seq: number;
  readonly place: Place | undefined;
  readonly reason: string;
}

/** What to do with answers that an earlier life accepted: those never tried go plainly, the others carry a mark. */
export function unsentEntries(
  unsent: readonly OpenAnswer[],
  nowMs: number,
  resolveChat: (chatId: number | string) => number | string,
): Recovered {
  const entries: { entry: Entry; seq: number }[] = [];
  const hopeless: Hopeless[] = [];
  for (const { seq, method, params, unknownOutcomes, instead } of unsent) {
    const place = placeOf(params);
    if (place === undefined) {
      hopeless.push({ seq, place, reason: "it has no chat" });
    } else if (unknownOutcomes >= mostUnknownOutcomes) {
      hopeless.push({
        seq,
        place,
        reason: `the process ended ${unknownOutcomes} times while it was sent`,
      });
    } else {
      const isMarked = unknownOutcomes > 0 && !isRepeatable(method);
      const entry = new Entry({
        kind: "answer",
        place: { ...place, chatId: resolveChat(place.chatId) },
        enqueuedMs: nowMs,
        compose: () => ({ method, params }),
        ...(instead === undefined ? {} : { instead }),
        facts: isMarked ? { ...freshFacts, unknownOutcomes, mark: "restart" } : freshFacts,
      });
      entries.push({ entry, seq });
    }
  }
  return { entries, hopeless };
}
