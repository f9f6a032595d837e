import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeLine, type JournalLine } from "../../../../bots/main/sessions/queue/journal-line.ts";

/** A turn, as the bot wrote it down. `interrupted` ones wait for a person, who may resume or discard them. */
export interface TurnWritten {
  readonly turn: number;
  readonly sessionId: string;
  readonly words: readonly string[];
  readonly beganMs: number;
  readonly pid: number | undefined;
  end:
    | "open"
    | "completed"
    | "aborted"
    | "failed"
    | "interrupted"
    | "resumed"
    | "discarded"
    | "undone";
}

/** A message, as the bot wrote it down. */
export interface MessageWritten {
  readonly seq: number;
  state: "waiting" | "taken" | "cancelled";
  /** Of the last turn that took it. */
  turn: number | undefined;
  /** Why it was cancelled, and what brings it back. */
  why: string | undefined;
  token: string | undefined;
}

/** All that the lives of a bot wrote into the journal of its sessions, also what later ones have left out. */
export class History {
  readonly turns = new Map<number, TurnWritten>();
  /** Tokens of stops that were taken back. */
  readonly restored = new Set<string>();
  private readonly messages = new Map<string, MessageWritten>();
  private readonly words = new Map<number, string>();

  /** To be called when a life has ended, before the next one writes the file anew. */
  read(stateDir: string): void {
    for (const line of journalLines(stateDir)) this.apply(line);
  }

  message(word: string): MessageWritten | undefined {
    return this.messages.get(word);
  }

  turnsOf(sessionId: string): TurnWritten[] {
    return [...this.turns.values()].filter((turn) => turn.sessionId === sessionId);
  }

  private apply(line: JournalLine): void {
    if (line.t === "accepted") this.accept(line.seq, line.text);
    else if (line.t === "began") this.begin(line);
    else if (line.t === "outcome") this.end(line.turn, line.outcome);
    else if (line.t === "interrupted") this.end(line.turn, "interrupted");
    else if (line.t === "undone") {
      for (const message of this.of(this.end(line.turn, line.isRepeat ? "resumed" : "undone")))
        message.state = "waiting";
    } else if (line.t === "cancelled") this.cancel(line);
    else if (line.t === "restored") {
      this.restored.add(line.token);
      for (const message of this.messages.values()) {
        const isMeant = message.state === "cancelled" && message.token === line.token;
        if (isMeant) Object.assign(message, { state: "waiting", token: undefined, why: undefined });
      }
    }
  }

  /** The file begins with what the last life had left: what is known already is not changed by it. */
  private accept(seq: number, text: string): void {
    const word = wordOf(text);
    if (this.words.has(seq)) return;
    this.words.set(seq, word);
    const fresh = { state: "waiting" as const, turn: undefined, why: undefined, token: undefined };
    this.messages.set(word, { seq, ...fresh });
  }

  private begin({ turn, sessionId, seqs, atMs, pid }: Extract<JournalLine, { t: "began" }>): void {
    if (this.turns.has(turn)) return;
    const words = seqs.map((seq) => this.words.get(seq) ?? "");
    this.turns.set(turn, { turn, sessionId, words, beganMs: atMs, pid, end: "open" });
    for (const message of this.of(words)) Object.assign(message, { state: "taken", turn });
  }

  /** @returns the words of its messages */
  private end(turn: number, end: TurnWritten["end"]): readonly string[] {
    const known = this.turns.get(turn);
    if (known !== undefined) known.end = end;
    return known?.words ?? [];
  }

  private cancel({ seqs, why, token }: Extract<JournalLine, { t: "cancelled" }>): void {
    for (const message of this.of(seqs.map((seq) => this.words.get(seq) ?? ""))) {
      const turn = message.state === "taken" ? this.turns.get(message.turn ?? 0) : undefined;
      if (turn !== undefined) turn.end = "discarded";
      Object.assign(message, { state: "cancelled", why, token });
    }
  }

  private of(words: readonly string[]): MessageWritten[] {
    return words.flatMap((word) => this.messages.get(word) ?? []);
  }
}

/** The words of the messages that a stop cancelled, as its record on the disk says. */
export function cancelledUnder(stateDir: string, token: string): string[] {
  const lines = journalLines(stateDir);
  const seqs = lines.flatMap((line) =>
    line.t === "cancelled" && line.token === token ? line.seqs : [],
  );
  return lines.flatMap((line) =>
    line.t === "accepted" && seqs.includes(line.seq) ? [wordOf(line.text)] : [],
  );
}

function journalLines(stateDir: string): JournalLine[] {
  return readFileSync(join(stateDir, "sessions", "journal.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .flatMap((text) => decodeLine(text) ?? []);
}

/** Orders of these stories end with a word of their own. */
function wordOf(text: string): string {
  return text.split(" ").at(-1) ?? "";
}
