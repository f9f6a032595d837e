import { expect } from "vitest";
import type { Deeds } from "./deeds.ts";
import type { StopAsked } from "./stop-asked.ts";
import type { MessageSent, Restart, Story } from "./story.ts";

/** What became of every message of a story, against what its person was told and what the agents did. */
export class Account {
  private readonly story: Story;
  private readonly deeds: Deeds;
  private readonly restarts: readonly Restart[];
  private readonly texts: readonly string[];
  private readonly cancelled: ReadonlyMap<string, string>;

  /**
   * @param texts everything that the bot has said in this chat, or has promised to say
   * @param cancelled why messages were cancelled for good, by their texts
   */
  constructor(
    story: Story,
    deeds: Deeds,
    restarts: readonly Restart[],
    texts: readonly string[],
    cancelled: ReadonlyMap<string, string>,
  ) {
    this.story = story;
    this.cancelled = new Map(
      [...cancelled].map(([text, why]) => [text.split(" ").at(-1) ?? "", why]),
    );
    this.deeds = deeds;
    this.restarts = restarts;
    this.texts = texts;
  }

  check(): void {
    for (const message of this.story.sent) this.checkMessage(message);
    this.checkCancelled();
    this.checkInterrupts();
  }

  /** Only stops cancel in these stories, and who discards a turn that a restart interrupted discards its one message. */
  private checkCancelled(): void {
    for (const room of this.story.forum.rooms) {
      const words = this.story.sent.filter((sent) => sent.room === room).map(({ word }) => word);
      const others = words.filter((word) => (this.cancelled.get(word) ?? "stopped") !== "stopped");
      const discarded = this.story.discarded.get(room) ?? 0;
      expect(
        others.length,
        `cancelled by nobody in ${room.session}: ${others.join(", ")}`,
      ).toBeLessThanOrEqual(discarded);
    }
  }

  private checkMessage(message: MessageSent): void {
    const { word, room } = message;
    const got = this.deeds.count("got", word);
    const done = this.deeds.count("done", word);
    const answers = this.texts.filter((text) => text.includes(`heard ${word}.`)).length;
    const resumed = this.story.resumed.get(room) ?? 0;
    const cancels = this.story.stops.filter(({ cancelled }) => cancelled.includes(word));
    for (const stop of cancels) {
      expect(stop.covers(room), `${word} was cancelled in its scope`).toBe(true);
      expect(stop.order, `${word} was sent before the stop`).toBeGreaterThan(message.order);
    }
    if (cancels.some(({ restoredAt }) => restoredAt === undefined)) {
      expect(got, `${word} was cancelled, not restored, and does not run`).toBe(0);
    }
    expect(got, `how often ${word} ran`).toBeLessThanOrEqual(1 + resumed);
    expect(done, `how often ${word} was done`).toBeLessThanOrEqual(1 + resumed);
    expect(answers, `answers to ${word}`).toBeLessThanOrEqual(1 + resumed);
    if (done > 0 && answers > 0) return;
    const restored = Math.max(0, ...cancels.map(({ restoredAt = 0 }) => restoredAt));
    const sinceOrder = Math.max(message.order, restored);
    const isExplained =
      cancels.some(({ restoredAt }) => restoredAt === undefined) ||
      this.story.stops.some((stop) => stop.order > sinceOrder && stop.mayHaveEnded(room)) ||
      this.restarts.some(({ readyMs }) => readyMs > message.saidMs);
    expect(
      isExplained,
      `${word} is answered, or its person knows why not (ran ${got}, done ${done})`,
    ).toBe(true);
  }

  /** Nobody was interrupted whom no stop meant. */
  private checkInterrupts(): void {
    for (const room of this.story.forum.rooms) {
      const stops = this.story.stops.filter((stop) => stop.covers(room));
      for (const { did, atMs } of this.deeds.of(room.id)) {
        if (did !== "interrupted") continue;
        const isMeant = stops.some(({ saidMs }: StopAsked) => saidMs <= atMs);
        expect(isMeant, `an interrupt in ${room.session} that a stop asked for`).toBe(true);
      }
    }
  }
}
