import { expect } from "vitest";
import { isRepeat, type StoryFacts, type Told, unmarked } from "./facts.ts";
import type { Room } from "./forum.ts";
import type { StopAsked } from "./stop-asked.ts";

const restoredPattern = /^↩️ (\d+) messages? (?:was|were) queued again\.$/;

/** Whether every receipt of a story was true, and every Restore did what it says. */
export class StopAccount {
  private readonly facts: StoryFacts;

  constructor(facts: StoryFacts) {
    this.facts = facts;
  }

  check(): void {
    for (const stop of this.facts.story.stops) {
      if (stop.receipt === undefined) continue;
      this.checkScope(stop);
      for (const room of this.facts.story.forum.rooms)
        if (stop.covers(room)) this.checkEnded(stop, room);
    }
    for (const stop of this.facts.story.stops) this.checkRestore(stop);
    for (const room of [undefined, ...this.facts.story.forum.rooms]) this.checkRestoreWords(room);
  }

  private checkScope(stop: StopAsked): void {
    for (const word of stop.cancelled) {
      const message = this.facts.story.sent.find((sent) => sent.word === word);
      if (message === undefined) throw new Error(`${word} was cancelled, and nobody sent it`);
      expect(stop.covers(message.room), `${word} was cancelled in its scope`).toBe(true);
      expect(stop.order, `${word} was sent before the stop`).toBeGreaterThan(message.order);
    }
  }

  /** Nothing that was said before the stop runs on behind its receipt, or begins there, unless a person wished it. */
  private checkEnded({ order, seenMs }: StopAsked, room: Room): void {
    const { story, deeds, history } = this.facts;
    for (const { word, atMs, doneMs = 0 } of deeds.runsOf(room.id)) {
      const message = story.sent.find((sent) => sent.word === word);
      if (message === undefined || message.order > order) continue;
      const isWished =
        story.stops.some(
          (stop) => stop.restoredMs !== undefined && stop.cancelled.includes(word),
        ) ||
        history
          .turnsOf(room.id)
          .some((turn) => turn.end === "resumed" && turn.words.includes(word));
      if (isWished) continue;
      expect(atMs < seenMs && doneMs > seenMs, `${word} ran on behind the receipt`).toBe(false);
      expect(atMs > seenMs, `${word} began behind the receipt`).toBe(false);
    }
  }

  private checkRestore({ token, restoredMs, cancelled }: StopAsked): void {
    if (token === undefined || restoredMs === undefined) return;
    expect(this.facts.history.restored.has(token), `${cancelled.join()} were restored`).toBe(true);
  }

  /** Each Restore says how many it brought back, once; a restart may take the words away. */
  private checkRestoreWords(room: Room | undefined): void {
    const { story, restarts, saidIn } = this.facts;
    const pressed = story.stops.filter(
      (stop) => stop.saidIn === room && stop.restoredMs !== undefined,
    );
    const said = restoredIn(saidIn(room));
    const repeats = restoredIn(saidIn(room).filter(isRepeat));
    for (const { cancelled, restoredMs = 0 } of pressed) {
      const at = said.indexOf(cancelled.length);
      const mayBeLost = restarts.some(({ readyMs }) => readyMs > restoredMs);
      expect(at >= 0 || mayBeLost, `that ${cancelled.join()} were queued again`).toBe(true);
      if (at >= 0) said.splice(at, 1);
    }
    for (const count of repeats) if (said.includes(count)) said.splice(said.indexOf(count), 1);
    expect(said, `restored in ${room?.session ?? "General"}, and nobody wished it`).toEqual([]);
  }
}

function restoredIn(told: readonly Told[]): number[] {
  return told.flatMap((each) => restoredPattern.exec(unmarked(each))?.[1] ?? []).map(Number);
}
