import { expect } from "vitest";
import type { StoryFacts } from "./facts.ts";
import type { MessageWritten } from "./history.ts";
import type { MessageSent } from "./story.ts";

const cancelledLate = "Cancelled: it was sent before the stop.";

/** What became of every message of a story: it was answered, or its person knows why not. */
export class MessageAccount {
  private readonly facts: StoryFacts;

  constructor(facts: StoryFacts) {
    this.facts = facts;
  }

  check(): void {
    for (const message of this.facts.story.sent) this.checkOne(message);
    this.checkLate();
  }

  private checkOne(message: MessageSent): void {
    const { word, room } = message;
    const written = this.facts.history.message(word);
    if (written === undefined) throw new Error(`${word} was never taken in`);
    const turns = this.facts.history.turnsOf(room.id).filter(({ words }) => words.includes(word));
    const completed = turns.filter(({ end }) => end === "completed").length;
    expect(completed, `how often ${word} was completed`).toBeLessThanOrEqual(1);
    const answers = this.facts.saidIn(room).filter((text) => text.includes(`heard ${word}.`));
    expect(answers.length, `answers to ${word}: ${JSON.stringify(answers)}`).toBe(completed);
    const runs = this.facts.deeds.runsOf(room.id).filter((run) => run.word === word);
    for (const { pid } of runs) {
      const isWritten = turns.some((turn) => turn.pid === pid || turn.pid === undefined);
      expect(isWritten, `the turn in which process ${pid} got ${word}`).toBe(true);
    }
    expect(runs.length, `how often ${word} ran, in ${turns.length} turns`).toBeLessThanOrEqual(
      turns.length,
    );
    expect(
      this.explained(message, written),
      `what became of ${word}: ${JSON.stringify(written)}`,
    ).toBe(true);
  }

  private explained(message: MessageSent, { state, why, turn, token }: MessageWritten): boolean {
    const { story } = this.facts;
    // Nothing waits at the end of a story; what its turn has become, the account of turns asks.
    if (state !== "cancelled") return state === "taken";
    if (why === "discarded") return story.decided.get(turn ?? 0) === "discard";
    if (why !== "stopped") return false;
    const meant = story.stops.filter(
      (stop) => stop.covers(message.room) && stop.order > message.order,
    );
    // Behind the receipt, which has said that it would come.
    if (token === undefined) return meant.some(({ receipt }) => (receipt?.onTheirWay ?? 0) > 0);
    const by = story.stops.find((stop) => stop.token === token);
    if (by === undefined) return meant.some(({ isCut }) => isCut);
    return meant.includes(by) && by.cancelled.includes(message.word) && by.restoredMs === undefined;
  }

  /** What came only after the receipt was written is told by itself. */
  private checkLate(): void {
    for (const room of this.facts.story.forum.rooms) {
      const sent = this.facts.story.sent.filter((message) => message.room === room);
      const late = sent.filter(({ word }) => {
        const written = this.facts.history.message(word);
        return written?.why === "stopped" && written.token === undefined;
      });
      const told = this.facts.saidIn(room).filter((text) => text.includes(cancelledLate));
      expect(told.length, `told of ${late.map(({ word }) => word).join()}`).toBe(late.length);
    }
  }
}
