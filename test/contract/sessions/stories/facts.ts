import { expect } from "vitest";
import type { Deeds, Restart } from "./deeds.ts";
import type { Room } from "./forum.ts";
import type { History } from "./history.ts";
import type { Story } from "./story.ts";

/** Something that the bot has said, or has promised to say. */
export interface Told {
  readonly text: string;
  readonly buttons: readonly { readonly data: string }[];
}

/** What is known of a story at its end. */
export interface StoryFacts {
  readonly story: Story;
  readonly deeds: Deeds;
  readonly restarts: readonly Restart[];
  readonly history: History;
  /** @param room undefined: in General */
  readonly saidIn: (room: Room | undefined) => readonly Told[];
}

const mark = /\s*\(sent again after a restart\)\s*/;

/** Where a restart made the bot say something once more, that has a mark. */
export function isRepeat({ text }: Told): boolean {
  return mark.test(text);
}

export function unmarked({ text }: Told): string {
  return text.replace(mark, "");
}

/** So many things were told: each once, or with a mark. */
export function expectTold(told: readonly Told[], count: number, what: string): void {
  const why = `${what}: ${JSON.stringify(told.map(({ text }) => text))}`;
  expect(told.length, why).toBeGreaterThanOrEqual(count);
  expect(told.filter((each) => !isRepeat(each)).length, why).toBeLessThanOrEqual(count);
}
