import type { JournalLine } from "./journal-line.ts";
import type { StoredTurn } from "./message-ledger.ts";

/** The end of turns, and of messages that wait, that nobody can take up any more. */
export function givenUp(
  turns: readonly StoredTurn[],
  waiting: readonly number[],
  atMs: number,
): JournalLine[] {
  const seqs = [...waiting, ...turns.flatMap((turn) => turn.seqs)];
  const cancelled = { t: "cancelled" as const, seqs, why: "discarded" as const, atMs };
  return [
    ...(seqs.length === 0 ? [] : [cancelled]),
    ...turns.map(({ turn }) => ({ t: "delivered" as const, turn, atMs })),
  ];
}
