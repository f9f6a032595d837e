import type { Deeds } from "./deeds.ts";
import type { Room } from "./forum.ts";
import type { History } from "./history.ts";
import type { Restart, Story } from "./story.ts";

/** What is known of a story at its end. */
export interface StoryFacts {
  readonly story: Story;
  readonly deeds: Deeds;
  readonly restarts: readonly Restart[];
  readonly history: History;
  /** Everything that the bot has said in a room, or has promised to say. @param room undefined: in General */
  readonly saidIn: (room: Room | undefined) => readonly string[];
}
