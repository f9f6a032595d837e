import { expect } from "vitest";
import { expectTold, type StoryFacts } from "./facts.ts";
import type { Room } from "./forum.ts";
import type { MessageWritten } from "./history.ts";
import type { MessageSent } from "./story.ts";

/** What became of every message of a story: it was answered, or its person knows why not. */
export class MessageAccount {
  private readonly facts: StoryFacts;

  constructor(facts: StoryFacts) {
    this.facts = facts;
  }

  check(): void {
    for (const message of this.facts.story.sent) this.checkOne(message);
  }

  private checkOne(message: MessageSent): void {
    const { word, room } = message;
    const written = this.facts.history.message(word);
    if (written === undefined) throw new Error(`${word} was never taken in`);
    const turns = this.facts.history.turnsOf(room.id).filter(({ words }) => words.includes(word));
    const completed = turns.filter(({ end }) => end === "completed").length;
    expect(completed, `how often ${word} was completed`).toBeLessThanOrEqual(1);
    const answers = this.facts.saidIn(room).filter(({ text }) => text.includes(`heard ${word}.`));
    expectTold(answers, completed, `answers to ${word}`);
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
    const by = story.stops.find((stop) => stop.token === token);
    if (by === undefined) return this.isTold(message.room, token);
    const isMeant = by.covers(message.room) && by.order > message.order;
    return isMeant && by.cancelled.includes(message.word) && by.restoredMs === undefined;
  }

  /** A stop that was cut short by a kill: the next life tells what it had cancelled. */
  private isTold(room: Room, token: string | undefined): boolean {
    const { saidIn } = this.facts;
    // In its room, or in General where it was for the whole chat.
    const buttons = [room, undefined].flatMap(saidIn).flatMap((told) => told.buttons);
    return token !== undefined && buttons.some(({ data }) => data === `b:${token}`);
  }
}
