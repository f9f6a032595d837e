import { randomDigits, randomGroupId, randomSupergroupId } from "../identity.ts";
import type { ChatType, SandboxBot, SandboxChat } from "../model.ts";
import { nextMessageId } from "../posting.ts";
import { Refusal } from "../refusal.ts";
import type { World } from "../world.ts";

export interface NewGroup {
  readonly type: Exclude<ChatType, "private">;
  readonly title: string;
  readonly isForum: boolean;
  readonly members: readonly number[];
  readonly bots: readonly number[];
}

/** The private chat of a person and a bot; bots see the person's id as the chat's id. */
export function openDialog(world: World, userId: number, bot: SandboxBot): SandboxChat {
  const existing = world.dialog(bot.id, userId);
  if (existing !== undefined) return existing;
  const user = world.user(userId);
  return add(world, {
    id: world.takeDialogId(),
    type: "private",
    isForum: bot.hasTopics,
    view: {
      id: userId,
      first_name: user.first_name,
      ...(user.username === undefined ? {} : { username: user.username }),
      type: "private",
    },
    members: [userId],
    bots: [bot.id],
  });
}

/** @throws Refusal for people and bots that do not exist, and for a forum that is no supergroup */
export function createGroup(world: World, group: NewGroup): SandboxChat {
  for (const userId of group.members) world.user(userId);
  for (const botId of group.bots) world.bot(botId);
  if (group.isForum && group.type !== "supergroup")
    throw new Refusal("Only supergroups can have topics.");
  const id = freeChatId(world, group.type);
  const chat = add(world, {
    ...group,
    id,
    view: {
      id,
      title: group.title,
      type: group.type,
      ...(group.isForum ? { is_forum: true } : {}),
    },
  });
  // A supergroup's message 1 is its own making; so no topic is ever taken for General.
  if (group.type === "supergroup") nextMessageId(world, chat);
  return chat;
}

function add(
  world: World,
  fields: Pick<SandboxChat, "id" | "type" | "isForum" | "view"> & {
    readonly members: readonly number[];
    readonly bots: readonly number[];
  },
): SandboxChat {
  const chat: SandboxChat = {
    id: fields.id,
    type: fields.type,
    isForum: fields.isForum,
    view: fields.view,
    members: new Set(fields.members),
    bots: new Map(fields.bots.map((bot) => [bot, "member"])),
    topics: new Map(),
    messages: new Map(),
    instance: randomDigits(world.ports.random, 19),
  };
  world.addChat(chat);
  world.tell({ type: "state" });
  return chat;
}

function freeChatId(world: World, type: NewGroup["type"]): number {
  const draw = type === "group" ? randomGroupId : randomSupergroupId;
  let id = draw(world.ports.random);
  while (world.chats.has(id)) id = draw(world.ports.random);
  return id;
}
