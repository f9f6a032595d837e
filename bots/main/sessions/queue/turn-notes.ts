import type { Clock } from "../../../../shared/clock.ts";
import type { Chronicle } from "../../../../shared/contract/chronicle/chronicle.ts";
import { redact } from "../../../../shared/redact.ts";
import { updatesIn } from "./behalf.ts";
import type { JournalLine, LineOf } from "./journal-line.ts";
import type { MessageLedger } from "./message-ledger.ts";

export interface TurnNotesParts {
  readonly chronicle: Pick<Chronicle, "note">;
  /** Of a session, for people. */
  readonly nameOf: (sessionId: string) => string;
  readonly clock: Clock;
}

const longestReason = 200;

/** Tells the chronicle what sessions do with updates: the same as the journal, without any text of people. */
export class TurnNotes {
  private readonly parts: TurnNotesParts;

  constructor(parts: TurnNotesParts) {
    this.parts = parts;
  }

  /** A line of the journal. @param ledger as it was before the line */
  heard(line: JournalLine, ledger: MessageLedger): void {
    const { chronicle, clock } = this.parts;
    const at = clock.now();
    switch (line.t) {
      case "began":
        this.began(line, updatesIn(ledger, line.seqs));
        return;
      case "outcome": {
        const why = line.outcome === "failed" ? { why: firstLine(line.text) } : {};
        chronicle.note({ t: "turn_end", at, turn: line.turn, outcome: line.outcome, ...why });
        return;
      }
      case "interrupted":
        chronicle.note({ t: "turn_end", at, turn: line.turn, outcome: "interrupted" });
        return;
      case "undone":
        chronicle.note({ t: "turn_end", at, turn: line.turn, outcome: "undone" });
        return;
      case "cancelled":
        chronicle.note({ t: "cancelled", at, u: updatesIn(ledger, line.seqs), why: line.why });
        return;
      case "restored":
        for (const { seq, sessionId } of ledger.restorable(line.token))
          this.queued(sessionId, updatesIn(ledger, [seq]));
        return;
      case "accepted":
      case "delivered":
      case "head":
      case "shown":
      case "asked":
      case "settled":
      case "seen":
      case "stopped":
      case "lost":
      case "told":
        return;
    }
  }

  queued(session: string, u: readonly number[]): void {
    const { chronicle, clock, nameOf } = this.parts;
    chronicle.note({ t: "queued", at: clock.now(), u, session, name: nameOf(session) });
  }

  /** A message came once more. */
  known(updates: readonly number[]): void {
    const { chronicle, clock } = this.parts;
    for (const u of updates) chronicle.note({ t: "known", at: clock.now(), u });
  }

  private began({ turn, sessionId, atMs, pid }: LineOf<"began">, u: readonly number[]): void {
    this.parts.chronicle.note({
      t: "turn",
      at: atMs,
      turn,
      session: sessionId,
      name: this.parts.nameOf(sessionId),
      u,
      ...(pid === undefined ? {} : { pid }),
    });
  }
}

/** What follows it may be the words of an agent. */
function firstLine(text: string): string {
  return redact(text.split("\n")[0] ?? "").slice(0, longestReason);
}
