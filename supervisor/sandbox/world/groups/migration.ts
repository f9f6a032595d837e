import type { SandboxChat } from "../model.ts";
import { deliverToBots, post } from "../posting.ts";
import { Refusal } from "../refusal.ts";
import type { World } from "../world.ts";
import { createGroup } from "./chats.ts";

/** The message that tells a supergroup where it comes from is its first. */
const firstMessageId = 1;

/**
 * A basic group becomes a supergroup: a new chat with a new id, told to the bots by a service message in each of
 * the two. What was said stays in the old one, where nobody can write any more. @throws Refusal
 */
export function migrate(world: World, group: SandboxChat): SandboxChat {
  if (group.type !== "group") throw new Refusal("Only a basic group can become a supergroup.");
  if (group.migratedTo !== undefined)
    throw new Refusal(`This group is the supergroup ${group.migratedTo} already.`);
  const from = world.user([...group.members][0] ?? world.me);
  const supergroup = createGroup(world, {
    type: "supergroup",
    title: group.view.title ?? "",
    isForum: false,
    members: [...group.members],
    bots: [],
  });
  for (const [bot, status] of group.bots) supergroup.bots.set(bot, status);
  group.migratedTo = supergroup.id;
  deliverToBots(world, group, post(world, group, from, {}, { migrate_to_chat_id: supergroup.id }));
  const arrival = { migrate_from_chat_id: group.id };
  deliverToBots(world, supergroup, post(world, supergroup, from, {}, arrival, firstMessageId));
  world.tell({ type: "state" });
  return supergroup;
}
