import { z } from "zod";
import type { Buy } from "./buy.ts";

/** A chat, or a topic of one. */
export const placeSchema = z.object({ chatId: z.int(), topicId: z.int().optional() });
export type PostPlace = Readonly<z.infer<typeof placeSchema>>;

/**
 * - `gathering`: buys are still added
 * - `telling`: it goes out; whether it has is the outbox's business, which takes it once
 * - `told`: it stands in the chat, as `messageId`
 * - `untold`: the chat did not take it
 */
const state = z.enum(["gathering", "telling", "told", "untold"]);

export const postSchema = z.object({
  /** Made from its place, its first buy and the block of that: no two posts ever have the same one. */
  id: z.string(),
  place: placeSchema,
  buys: z.array(z.string()),
  state,
  messageId: z.int().optional(),
  /** What its text said of its buys when it was told or last edited. */
  said: z.string().optional(),
  /** How often it was to be edited, and how often the outbox has taken that. */
  revision: z.int(),
  takenRevision: z.int(),
});

/** One message about one buy or several. */
export type Post = Readonly<z.infer<typeof postSchema>>;

/** @param others every post that still stands, by its id */
export function freshPost(
  place: PostPlace,
  first: Buy,
  others: Pick<ReadonlyMap<string, Post>, "has">,
): Post {
  let id = `${keyOf(place)} ${first.key} ${first.block.hash}`;
  // Its first buy was taken out of it, and has come back in the same block: the outbox takes each name once.
  while (others.has(id)) id += " again";
  return { id, place, buys: [first.key], state: "gathering", revision: 0, takenRevision: 0 };
}

/** `<chat>` or `<chat>:<topic>`. */
export function keyOf({ chatId, topicId }: PostPlace): string {
  return topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
}

/** Changes when the text about these buys must change. A loose buy is no news yet. */
export function saidOf(buys: readonly Buy[]): string {
  return buys
    .map(({ fate, bought, paid }) => `${fate === "vanished" ? "gone" : "there"} ${bought} ${paid}`)
    .join(", ");
}
