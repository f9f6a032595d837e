import { createGroup, openDialog } from "./groups/chats.ts";
import { createTopic } from "./groups/topics.ts";
import { newcomerId } from "./identity.ts";
import type { SandboxBot, SandboxChat } from "./model.ts";
import { createBot } from "./people.ts";
import type { World } from "./world.ts";

const groupTitle = "Lounge";
const forumTitle = "Workshop";
const forumTopics = ["Ideas", "Releases"];

/** What a new sandbox has: one person, one group, one forum with two topics. Nothing of it becomes an update. */
export function settle(world: World): void {
  if (world.users.size > 0) return;
  world.users.set(newcomerId, {
    id: newcomerId,
    is_bot: false,
    first_name: "Newcomer",
    username: "newcomer",
    language_code: "en",
  });
  const members = [newcomerId];
  createGroup(world, { type: "group", title: groupTitle, isForum: false, members, bots: [] });
  const forum = createGroup(world, {
    type: "supergroup",
    title: forumTitle,
    isForum: true,
    members,
    bots: [],
  });
  for (const name of forumTopics) createTopic(world, forum, world.user(newcomerId), name);
}

/** Finds the bot or makes it, with a private chat and a place in the newcomer's groups. */
export function ensureBot(world: World, name: string): SandboxBot {
  const existing = world.botNamed(name);
  if (existing !== undefined) return existing;
  const bot = createBot(world, name);
  openDialog(world, world.me, bot);
  for (const chat of newcomersGroups(world)) chat.bots.set(bot.id, "member");
  world.tell({ type: "state" });
  return bot;
}

/** The group and the forum made by {@link settle}: the first two that are no private chats, or what became of them. */
function newcomersGroups(world: World): readonly SandboxChat[] {
  return [...world.chats.values()]
    .filter((chat) => chat.type !== "private" && chat.migratedTo === undefined)
    .slice(0, 2);
}
