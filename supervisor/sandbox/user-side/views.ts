import type { User } from "../../../shared/telegram/bot-api.ts";
import type { Draft } from "../drafts/draft.ts";
import type { SandboxChat, Topic } from "../world/model.ts";
import type { World } from "../world/world.ts";

/** What the user's side shows; part of its contract. */

export interface TopicView {
  readonly message_thread_id: number;
  readonly name: string;
  readonly closed: boolean;
}

export interface ChatView {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  /** Has topics; also a private chat, where its bot has them. */
  readonly is_forum?: true;
  /** The supergroup that this group has become. */
  readonly migrated_to?: number;
  /** The id that bots see; differs from `id` in private chats only, where it is the user's. */
  readonly bot_chat_id: number;
  readonly members: readonly number[];
  readonly bots: readonly number[];
  readonly topics: readonly TopicView[];
}

export interface StateView {
  readonly bots: readonly {
    readonly id: number;
    readonly name: string;
    readonly username: string;
    readonly first_name: string;
    readonly has_topics?: true;
  }[];
  readonly users: readonly User[];
  readonly chats: readonly ChatView[];
  /** Messages that bots are writing right now. */
  readonly drafts: readonly Draft[];
  readonly blocked: readonly { readonly user: number; readonly bot: number }[];
  readonly me: number;
}

export interface PollingView {
  readonly overlappingPolls: number;
  readonly getUpdatesCalls: number;
  readonly openPolls: number;
  readonly parked: boolean;
  readonly pending: number;
  readonly highestUpdateId: number;
  readonly confirmedOffset: number;
  readonly allowedUpdates: readonly string[];
  readonly webhookUrl: string;
}

export function viewTopic(topic: Topic): TopicView {
  return { message_thread_id: topic.threadId, name: topic.name, closed: topic.closed };
}

export function viewChat(chat: SandboxChat): ChatView {
  return {
    id: chat.id,
    type: chat.type,
    ...(chat.view.title === undefined ? {} : { title: chat.view.title }),
    ...(chat.isForum ? { is_forum: true } : {}),
    ...(chat.migratedTo === undefined ? {} : { migrated_to: chat.migratedTo }),
    bot_chat_id: chat.view.id,
    members: [...chat.members],
    bots: [...chat.bots].filter(([, status]) => status === "member").map(([bot]) => bot),
    topics: [...chat.topics.values()].map(viewTopic),
  };
}

/** Without tokens. */
export function viewState(world: World, drafts: readonly Draft[]): StateView {
  return {
    bots: [...world.bots.values()].map(({ id, name, username, firstName, hasTopics }) => ({
      id,
      name,
      username,
      first_name: firstName,
      ...(hasTopics ? { has_topics: true } : {}),
    })),
    users: [...world.users.values()],
    chats: [...world.chats.values()].map(viewChat),
    drafts,
    blocked: [...world.blocked].flatMap(([user, bots]) => [...bots].map((bot) => ({ user, bot }))),
    me: world.me,
  };
}
