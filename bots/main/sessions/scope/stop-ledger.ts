import type { SessionPlace } from "../ports.ts";
import type { JournalLine } from "../queue/journal-line.ts";

/** A stop that has acted, and whose receipt is not with the outbox yet. */
export interface UntoldStop {
  readonly token: string;
  /** Where its receipt belongs. */
  readonly place: SessionPlace;
  readonly atMs: number;
  /** Ids of messages that it ended and that nothing can bring back. */
  readonly lost: readonly string[];
}

/** What the lines of the journal say of stops: whether each was told to whoever asked for it. No I/O. */
export class StopLedger {
  private readonly stops = new Map<string, UntoldStop>();

  /** The oldest first. */
  get untold(): readonly UntoldStop[] {
    return [...this.stops.values()];
  }

  get(token: string): UntoldStop | undefined {
    return this.stops.get(token);
  }

  apply(line: JournalLine): void {
    if (line.t === "stopped") {
      const { token, place, atMs } = line;
      if (!this.stops.has(token)) this.stops.set(token, { token, place, atMs, lost: [] });
    } else if (line.t === "lost") {
      const stop = this.stops.get(line.token);
      if (stop === undefined || stop.lost.includes(line.id)) return;
      this.stops.set(line.token, { ...stop, lost: [...stop.lost, line.id] });
    } else if (line.t === "told") this.stops.delete(line.token);
  }

  /** The same state in as few lines as possible. */
  lines(): JournalLine[] {
    return this.untold.flatMap(({ token, place, atMs, lost }): JournalLine[] => [
      { t: "stopped", token, place, atMs },
      ...lost.map((id) => ({ t: "lost" as const, id, token, atMs })),
    ]);
  }
}
