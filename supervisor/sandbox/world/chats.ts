import type { Message, User } from "../../../shared/telegram/bot-api.ts";
import { randomDigits, randomGroupId, randomSupergroupId } from "./identity.ts";
import type { ChatType, SandboxBot, SandboxChat, Topic } from "./model.ts";
import { deliverToBots, nextMessageId, post } from "./posting.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

export interface NewGroup {
  readonly type: Exclude<ChatType, "private">;
  readonly title: string;
  readonly isForum: boolean;
  readonly members: readonly number[];
  readonly bots: readonly number[];
}

/** The first of the six colours that Telegram allows for topics. */
const defaultIconColor = 0x6f_b9_f0;

/** The private chat of a person and a bot; bots see the person's id as the chat's id. */
export function openDialog(world: World, userId: number, bot: SandboxBot): SandboxChat {
  const existing = world.dialog(bot.id, userId);
  if (existing !== undefined) return existing;
  const user = world.user(userId);
  return add(world, {
    id: world.takeDialogId(),
    type: "private",
    isForum: false,
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

/** @throws Refusal for a chat without topics */
export function createTopic(
  world: World,
  chat: SandboxChat,
  from: User,
  name: string,
  iconColor = defaultIconColor,
): Topic {
  if (!chat.isForum) throw new Refusal("This chat has no topics.");
  const root = postTopicRoot(world, chat, from, name, iconColor);
  const topic: Topic = { threadId: root.message_id, name, iconColor, root, closed: false };
  chat.topics.set(topic.threadId, topic);
  world.tell({ type: "state" });
  return topic;
}

/** A person closes, reopens or deletes a topic. @throws Refusal */
export function changeTopic(
  world: World,
  chat: SandboxChat,
  threadId: number,
  change: { readonly closed?: boolean | undefined; readonly deleted?: boolean | undefined },
): Topic {
  const topic = chat.topics.get(threadId);
  if (topic === undefined) throw new Refusal(`This chat has no topic ${threadId}.`, 404);
  if (change.closed !== undefined && change.closed !== topic.closed) {
    topic.closed = change.closed;
    const from = world.user([...chat.members][0] ?? world.me);
    const place = { message_thread_id: threadId, is_topic_message: true } as const;
    const content = topic.closed ? { forum_topic_closed: {} } : { forum_topic_reopened: {} };
    deliverToBots(world, chat, post(world, chat, from, place, content));
  }
  if (change.deleted === true) deleteTopic(chat, threadId);
  world.tell({ type: "state" });
  return topic;
}

/** The service message stands in the very thread that it makes. */
function postTopicRoot(
  world: World,
  chat: SandboxChat,
  from: User,
  name: string,
  iconColor: number,
): Message {
  const id = nextMessageId(world, chat);
  const place = { message_thread_id: id, is_topic_message: true } as const;
  return post(
    world,
    chat,
    from,
    place,
    { forum_topic_created: { name, icon_color: iconColor } },
    id,
  );
}

function deleteTopic(chat: SandboxChat, threadId: number): void {
  chat.topics.delete(threadId);
  for (const message of chat.messages.values())
    if (message.is_topic_message && message.message_thread_id === threadId)
      chat.messages.delete(message.message_id);
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
