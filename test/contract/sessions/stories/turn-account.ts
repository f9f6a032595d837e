import { expect } from "vitest";
import { expectTold, type StoryFacts } from "./facts.ts";
import type { Room } from "./forum.ts";
import type { TurnWritten } from "./history.ts";

const interruptedNotice = "was interrupted by a restart.";
/** Between the clock of the agents and that of the journal. */
const skewMs = 100;

/** How every turn of a story ended, and who has ended it. */
export class TurnAccount {
  private readonly facts: StoryFacts;

  constructor(facts: StoryFacts) {
    this.facts = facts;
  }

  check(): void {
    for (const room of this.facts.story.forum.rooms) {
      this.checkEnds(room);
      this.checkStopped(room);
      this.checkRestarted(room);
      this.checkBlows(room);
    }
  }

  private checkEnds(room: Room): void {
    const runs = this.facts.deeds.runsOf(room.id);
    for (const { turn, words, end, pid } of this.facts.history.turnsOf(room.id)) {
      expect(end, `the end of turn ${turn}, ${words.join()}`).not.toMatch(/open|failed/);
      const decided = this.facts.story.decided.get(turn);
      if (end === "resumed") expect(decided, `what was wished of turn ${turn}`).toBe("resume");
      if (end === "interrupted") expect(decided, `turn ${turn} is undecided`).toBeUndefined();
      if (end !== "completed") continue;
      for (const word of words) {
        const isDone = runs.some(
          (run) =>
            run.word === word && (pid === undefined || run.pid === pid) && run.doneMs !== undefined,
        );
        expect(isDone, `${word} was done by ${pid}`).toBe(true);
      }
    }
  }

  /** One stop ends one turn of a room. */
  private checkStopped(room: Room): void {
    const stops = this.facts.story.stops.filter((stop) => stop.mayHaveEnded(room));
    const aborted = this.endedAs(room, "aborted");
    this.pair(
      aborted,
      stops.map(({ seenMs }) => seenMs),
      `stopped in ${room.session}`,
    );
  }

  /** One restart interrupts one turn of a room, and says so. */
  private checkRestarted(room: Room): void {
    const cut = ["interrupted", "resumed", "discarded"] as const;
    const interrupted = cut.flatMap((end) => this.endedAs(room, end));
    const untilMs = this.facts.restarts.map(({ readyMs }) => readyMs);
    this.pair(interrupted, untilMs, `interrupted by restarts in ${room.session}`);
    const told = this.facts.saidIn(room).filter(({ text }) => text.includes(interruptedNotice));
    expectTold(told, interrupted.length, "notices of interrupted turns");
  }

  /** Each turn has somebody of its own who can have ended it: later than it began. */
  private pair(turns: readonly TurnWritten[], untilMs: readonly number[], what: string): void {
    const latest = untilMs.toSorted((a, b) => b - a);
    const began = turns.toSorted((a, b) => b.beganMs - a.beganMs);
    const left = began.filter(({ beganMs }, at) => beganMs > (latest[at] ?? 0) + skewMs);
    expect(
      left.map(({ turn, words }) => `${turn}: ${words.join()}`),
      what,
    ).toEqual([]);
  }

  /** No agent was interrupted or ended in the midst of its work but by a stop that meant it, or with its bot. */
  private checkBlows(room: Room): void {
    const stops = this.facts.story.stops.filter((stop) => stop.covers(room) && !stop.isMissed);
    for (const { did, atMs, words = [] } of this.facts.deeds.of(room.id)) {
      const isBlow = did === "interrupted" || (did === "term" && words.length > 0);
      if (!isBlow) continue;
      const isMeant = stops.some(({ saidMs, seenMs }) => saidMs <= atMs && atMs <= seenMs);
      const isRestart = this.facts.restarts.some(
        ({ beganMs, readyMs }) => beganMs <= atMs && atMs <= readyMs,
      );
      expect(isMeant || isRestart, `${did} in ${room.session}, asked for by somebody`).toBe(true);
    }
  }

  private endedAs(room: Room, end: TurnWritten["end"]): TurnWritten[] {
    return this.facts.history.turnsOf(room.id).filter((turn) => turn.end === end);
  }
}
