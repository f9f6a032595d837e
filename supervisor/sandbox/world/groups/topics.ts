import type { Message, User } from "../../../../shared/telegram/bot-api.ts";
import type { SandboxBot, SandboxChat, Topic } from "../model.ts";
import { nextMessageId, post, whereabouts } from "../posting.ts";
import { Refusal } from "../refusal.ts";
import { generalThreadId, topicOf } from "../thread-place.ts";
import type { World } from "../world.ts";

/** The first of the six colours that Telegram allows for topics. */
const defaultIconColor = 0x6f_b9_f0;

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

/** Closes or reopens a topic. Returns its service message; undefined where nothing changes. */
export function setTopicClosed(
  world: World,
  chat: SandboxChat,
  topic: Topic,
  from: User,
  closed: boolean,
): Message | undefined {
  if (topic.closed === closed) return undefined;
  topic.closed = closed;
  const content = closed ? { forum_topic_closed: {} } : { forum_topic_reopened: {} };
  return postInTopic(world, chat, topic, from, content);
}

/** Returns the service message; undefined where the name is the same. */
export function renameTopic(
  world: World,
  chat: SandboxChat,
  topic: Topic,
  from: User,
  name: string,
): Message | undefined {
  if (topic.name === name) return undefined;
  topic.name = name;
  return postInTopic(world, chat, topic, from, { forum_topic_edited: { name } });
}

/** A topic goes with all that was said in it, and leaves no service message. */
export function deleteTopic(world: World, chat: SandboxChat, topic: Topic): void {
  chat.topics.delete(topic.threadId);
  for (const message of chat.messages.values()) {
    if (topicOf(message) !== topic.threadId) continue;
    const { message_id } = message;
    chat.messages.delete(message_id);
    world.tell({ type: "message_deleted", ...whereabouts(chat, message), message_id });
  }
  world.tell({ type: "state" });
}

/** Topics in the private chats of a bot (`User.has_topics_enabled`), which its owner switches on. */
export function setPrivateTopics(world: World, bot: SandboxBot, enabled: boolean): void {
  bot.hasTopics = enabled;
  for (const chat of world.chats.values())
    if (chat.type === "private" && chat.bots.has(bot.id)) chat.isForum = enabled;
  world.tell({ type: "state" });
}

function postInTopic(
  world: World,
  chat: SandboxChat,
  { threadId }: Topic,
  from: User,
  content: Pick<Message, "forum_topic_closed" | "forum_topic_reopened" | "forum_topic_edited">,
): Message {
  const place = { message_thread_id: threadId, is_topic_message: true } as const;
  const message = post(world, chat, from, place, content);
  world.tell({ type: "state" });
  return message;
}

/** The service message stands in the very thread that it makes. */
function postTopicRoot(
  world: World,
  chat: SandboxChat,
  from: User,
  name: string,
  iconColor: number,
): Message {
  let id = nextMessageId(world, chat);
  // An account's first message of all could stand for General.
  if (id === generalThreadId) id = nextMessageId(world, chat);
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
