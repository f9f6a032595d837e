import type { LineOf } from "../../../shared/contract/chronicle/chronicle-line.ts";
import type { ExplainedTurn } from "../../control/contract/explanation.ts";
import type { BotBook } from "./bot-book.ts";

/** The turns that took an update, oldest first. */
export function turnsFor(book: BotBook, updateId: number): ExplainedTurn[] {
  return book.chronicle
    .find(["turn"], updateId)
    .filter(({ u }) => u.includes(updateId))
    .map((line) => turnOf(book, line));
}

/** A turn by its number. */
export function turnNumbered(book: BotBook, number: number): ExplainedTurn | undefined {
  const line = book.chronicle.find(["turn"], number).findLast(({ turn }) => turn === number);
  return line && turnOf(book, line);
}

function turnOf(book: BotBook, line: LineOf<"turn">): ExplainedTurn {
  const { at: began, turn, session, name, u, pid } = line;
  const base = {
    turn,
    session,
    name,
    updates: [...u],
    began,
    ...(pid === undefined ? {} : { pid }),
  };
  const ends = book.chronicle
    .find(["turn_end"], turn)
    .filter((end) => end.turn === turn && end.at >= began);
  const gone = book.goneSince(began);
  const [end] = ends;
  // What is noted of it after a restart is noted of a turn that the restart ended.
  if (
    end === undefined ||
    (end.outcome === "undone" && typeof gone === "number" && end.at >= gone)
  ) {
    if (gone === undefined && end === undefined) return { ...base, outcome: "running" };
    return {
      ...base,
      outcome: "interrupted",
      ...(typeof gone === "number" ? { ended: gone } : {}),
    };
  }
  const { at: ended, outcome, why } = end;
  return { ...base, ended, outcome, ...(why === undefined ? {} : { why }) };
}
