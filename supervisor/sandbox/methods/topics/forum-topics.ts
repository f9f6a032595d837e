import type { z } from "zod";
import type { ForumTopic } from "../../../../shared/telegram/bot-api.ts";
import {
  createTopic,
  deleteTopic,
  renameTopic,
  setTopicClosed,
} from "../../world/groups/topics.ts";
import type { SandboxChat, Topic } from "../../world/model.ts";
import { botAsUser } from "../../world/people.ts";
import { writableChatOf } from "../call/chat-access.ts";
import { defineMethod, type Scene } from "../call/method.ts";
import { chatId, integer, text } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

const maxTopicNameLength = 128;

export const createForumTopic = defineMethod(
  {
    chat_id: chatId,
    name: text.optional(),
    icon_color: integer.optional(),
    icon_custom_emoji_id: text.optional(),
  },
  (scene, parameters) => {
    const chat = forumOf(scene, parameters.chat_id);
    const name = cleanName(parameters.name);
    if (name === "") throw badRequest("title must be non-empty");
    const from = botAsUser(scene.bot);
    const topic = createTopic(scene.world, chat, from, name, parameters.icon_color);
    const value: ForumTopic = {
      message_thread_id: topic.threadId,
      name: topic.name,
      icon_color: topic.iconColor,
    };
    return { value };
  },
);

const target = { chat_id: chatId, message_thread_id: integer.optional() };

/** An empty name keeps the old one; icons leave no trace here. */
export const editForumTopic = defineMethod(
  { ...target, name: text.optional(), icon_custom_emoji_id: text.optional() },
  (scene, parameters) => {
    const { chat, topic } = topicIn(scene, parameters);
    const name = cleanName(parameters.name);
    if (name !== "") changed(renameTopic(scene.world, chat, topic, botAsUser(scene.bot), name));
    return { value: true };
  },
);

export const closeForumTopic = defineMethod(target, (scene, parameters) =>
  setClosed(scene, parameters, true),
);

export const reopenForumTopic = defineMethod(target, (scene, parameters) =>
  setClosed(scene, parameters, false),
);

export const deleteForumTopic = defineMethod(target, (scene, parameters) => {
  const { chat, topic } = topicIn(scene, parameters);
  deleteTopic(scene.world, chat, topic);
  return { value: true };
});

type Target = z.output<z.ZodObject<typeof target>>;

function setClosed(scene: Scene, asked: Target, closed: boolean): { value: true } {
  const { chat, topic } = topicIn(scene, asked);
  if (chat.type === "private") throw badRequest("the chat is not a supergroup forum");
  changed(setTopicClosed(scene.world, chat, topic, botAsUser(scene.bot), closed));
  return { value: true };
}

function changed(serviceMessage: object | undefined): void {
  if (serviceMessage === undefined) throw badRequest("TOPIC_NOT_MODIFIED");
}

function topicIn(scene: Scene, asked: Target): { chat: SandboxChat; topic: Topic } {
  const chat = forumOf(scene, asked.chat_id);
  const topic = chat.topics.get(asked.message_thread_id ?? 0);
  if (topic === undefined) throw badRequest("TOPIC_ID_INVALID");
  return { chat, topic };
}

function forumOf(scene: Scene, id: string): SandboxChat {
  const chat = writableChatOf(scene, id);
  if (!chat.isForum) throw badRequest("the chat is not a forum");
  return chat;
}

function cleanName(name = ""): string {
  return name.trim().slice(0, maxTopicNameLength);
}
