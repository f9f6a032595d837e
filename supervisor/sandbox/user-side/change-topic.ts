import { deleteTopic, renameTopic, setTopicClosed } from "../world/groups/topics.ts";
import type { SandboxChat, Topic } from "../world/model.ts";
import { deliverToBots } from "../world/posting.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import type { TopicChange } from "./orders.ts";

/** A person renames, closes, reopens or deletes a topic. @throws Refusal */
export function changeTopic(
  world: World,
  chat: SandboxChat,
  threadId: number,
  change: TopicChange,
): Topic {
  const topic = chat.topics.get(threadId);
  if (topic === undefined) throw new Refusal(`This chat has no topic ${threadId}.`, 404);
  const from = world.user([...chat.members][0] ?? world.me);
  const told = [
    change.name === undefined ? undefined : renameTopic(world, chat, topic, from, change.name),
    change.closed === undefined
      ? undefined
      : setTopicClosed(world, chat, topic, from, change.closed),
  ];
  for (const message of told) if (message !== undefined) deliverToBots(world, chat, message);
  if (change.deleted === true) deleteTopic(world, chat, topic);
  return topic;
}
