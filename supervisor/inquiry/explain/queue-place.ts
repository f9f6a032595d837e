import type { ExplainedTurn, QueuePlace } from "../../control/contract/explanation.ts";
import type { BotBook } from "./bot-book.ts";

/** Where an update stands in a session; undefined where it never came to one. */
export function queuePlaceOf(
  book: BotBook,
  updateId: number,
  turns: readonly ExplainedTurn[],
): QueuePlace | undefined {
  const lines = book.chronicle
    .find(["queued", "cancelled"], updateId)
    .filter(({ u }) => u.includes(updateId));
  const queued = lines.findLast((line) => line.t === "queued");
  if (queued === undefined) return undefined;
  const { session, name } = queued;
  const last = lines.at(-1);
  if (last?.t === "cancelled") return { session, name, state: "cancelled", why: last.why };
  const turn = turns.at(-1);
  // Brought back after a stop, it waits anew.
  const waits = turn === undefined || turn.outcome === "undone" || turn.began < queued.at;
  return { session, name, state: waits ? "waiting" : "taken" };
}

/** Why a message left its queue. */
export function cancelWords(why: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    stopped: "a stop ended what waited",
    cancelled: "its sender cancelled it",
    archived: "its session was archived",
    discarded: "nobody wanted it to be taken up again",
  };
  return words[why ?? ""] ?? why ?? "?";
}
