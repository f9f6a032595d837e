import type { MessageLedger } from "./message-ledger.ts";

/** On whose behalf a session speaks: updates, and the turn that they have become. */
export interface SessionBehalf {
  readonly updates: readonly number[];
  readonly turn?: number;
}

/** The updates that brought messages. */
export function updatesOf(messages: readonly { readonly id: string }[]): readonly number[] {
  return messages.map(({ id }) => Number(id.split("/")[1])).filter(Number.isSafeInteger);
}

/** The updates of messages in a journal, whether they wait or are taken. */
export function updatesIn(ledger: MessageLedger, seqs: readonly number[]): readonly number[] {
  return updatesOf(seqs.flatMap((seq) => ledger.message(seq) ?? []));
}

export function behalfOfTurn(ledger: MessageLedger, turn: number): SessionBehalf {
  return { turn, updates: updatesIn(ledger, ledger.turn(turn)?.seqs ?? []) };
}

/** The turn that runs, else the messages that wait; undefined where there is neither. */
export function behalfOfSession(ledger: MessageLedger, id: string): SessionBehalf | undefined {
  const open = ledger.turns.findLast(({ sessionId }) => sessionId === id);
  if (open !== undefined) return behalfOfTurn(ledger, open.turn);
  const updates = updatesOf(ledger.waitingOf(id));
  return updates.length === 0 ? undefined : { updates };
}
