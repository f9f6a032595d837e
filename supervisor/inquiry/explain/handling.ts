import { usualHandlingLimits } from "../../../shared/dispatch/handling.ts";
import { deadLettersPath, peekDeadLetters } from "../../../shared/intake/cursor/dead-letters.ts";
import { cursorPath, peekProgress } from "../../../shared/intake/cursor/open-cursor.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import type { Handling } from "../../control/contract/explanation.ts";
import type { BotBook } from "./bot-book.ts";
import { queuePlaceOf } from "./queue-place.ts";
import { turnsFor } from "./turns.ts";

/** What one bot did with an update. @param book undefined where the bot has written nothing down */
export async function handlingOf(
  logDir: string,
  bot: string,
  record: JournalRecord,
  book: BotBook | undefined,
): Promise<Handling> {
  const { seq, updateId } = record;
  const letters = await peekDeadLetters(deadLettersPath(logDir, bot));
  const letter = letters.find((each) => each.seq === seq);
  const progress = peekProgress(cursorPath(logDir, bot));
  const begun = progress?.begun(seq) ?? 0;
  const tries = book === undefined ? [] : triesOf(book, updateId);
  const turns = book === undefined ? [] : turnsFor(book, updateId);
  const queue = book && queuePlaceOf(book, updateId, turns);
  const dropped = book?.chronicle.find(["dropped"], updateId).findLast(({ u }) => u === updateId);
  const error =
    letter?.error ?? dropped?.error ?? tries.findLast((each) => each.error !== undefined)?.error;
  const state = (): Handling["state"] => {
    if (letter !== undefined) return "given_up";
    if (saysSo(book, "refused", updateId)) return "refused";
    if (dropped !== undefined) return "dropped";
    if (tries.length === 0 && saysSo(book, "left", updateId)) return "left";
    if (tries.length === 0 && turns.length === 0 && seq <= (progress?.origin ?? 0)) return "absent";
    if (progress?.isHandled(seq) === true) return wasDropped(tries) ? "dropped" : "done";
    return begun > 0 || tries.length > 0 ? "open" : "unread";
  };
  return {
    bot,
    state: state(),
    attempts:
      letter?.attempts ??
      dropped?.attempts ??
      Math.max(begun, ...tries.map(({ number }) => number), 0),
    ...(letter === undefined ? {} : { givenUpAt: letter.givenUpAtMs }),
    ...(dropped === undefined ? {} : { dropped: { at: dropped.at, why: dropped.why } }),
    ...(error === undefined ? {} : { error }),
    tries,
    ...(queue === undefined ? {} : { queue }),
    turns,
    answers: (book?.messagesFor(updateId) ?? []).map(({ message }) => message),
  };
}

/** Where nothing tells of the letter: whatever fails so often gets one. */
function wasDropped(tries: Handling["tries"]): boolean {
  const last = tries.at(-1);
  return last?.error !== undefined && last.number >= usualHandlingLimits.attempts;
}

function triesOf(book: BotBook, updateId: number): Handling["tries"] {
  const lines = book.chronicle.find(["began", "ended"], updateId).filter(({ u }) => u === updateId);
  const tries: Handling["tries"] = [];
  for (const line of lines) {
    if (line.t === "began") {
      const gone = book.goneSince(line.at) !== undefined;
      tries.push({
        number: tries.length + 1,
        began: line.at,
        ...(gone ? { interrupted: true } : {}),
      });
      continue;
    }
    const began = line.at - line.ms;
    const { attempt = 1, error } = line;
    const whole = {
      number: attempt,
      began,
      ended: line.at,
      ...(error === undefined ? {} : { error }),
    };
    // What was told when it had run for a while is told again, with its end.
    const open = tries.findIndex((each) => each.began === began && each.ended === undefined);
    if (open === -1) tries.push(whole);
    else tries[open] = whole;
  }
  return tries;
}

function saysSo(book: BotBook | undefined, kind: "refused" | "left", updateId: number): boolean {
  const lines = book?.chronicle.find([kind], updateId) ?? [];
  return lines.some(({ u }) => (typeof u === "number" ? u === updateId : u.includes(updateId)));
}
