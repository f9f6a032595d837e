import type { BotCommand, Chat, Message, User } from "../../../shared/telegram/bot-api.ts";

export interface SandboxBot {
  readonly id: number;
  /** The name given by the fleet. */
  readonly name: string;
  readonly username: string;
  readonly firstName: string;
  token: string;
  /** Its private chats have topics. */
  hasTopics: boolean;
  /** Command lists by scope and language. */
  readonly commands: Map<string, readonly BotCommand[]>;
}

export type ChatType = "private" | "group" | "supergroup";

export interface Topic {
  readonly threadId: number;
  name: string;
  readonly iconColor: number;
  /** The service message that made the topic; every message of it that is no reply points there. */
  readonly root: Message;
  closed: boolean;
}

export interface SandboxChat {
  /** The user side's id. For a private chat it differs from the id that bots see (the user's). */
  readonly id: number;
  readonly type: ChatType;
  /** Has topics. A private chat has them where its bot does. */
  isForum: boolean;
  /** The supergroup that this group has become. */
  migratedTo?: number;
  /** The `chat` object of messages, as bots see it. */
  readonly view: Chat;
  readonly members: Set<number>;
  readonly bots: Map<number, "member" | "left" | "kicked">;
  readonly topics: Map<number, Topic>;
  /** Newest last, bounded. */
  readonly messages: Map<number, Message>;
  /** Opaque id that Telegram puts on button presses. */
  readonly instance: string;
}

export interface CallbackPress {
  readonly id: string;
  readonly botId: number;
  readonly userId: number;
  readonly chatId: number;
  readonly atMs: number;
}

export interface WorldState {
  readonly me: number;
  readonly nextDialogId: number;
  readonly users: readonly User[];
  readonly blocked: readonly (readonly [number, readonly number[]])[];
  readonly bots: readonly SavedBot[];
  readonly chats: readonly SavedChat[];
  readonly presses: readonly CallbackPress[];
}

export interface SavedBot {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly firstName: string;
  readonly token: string;
  readonly hasTopics: boolean;
  readonly commands: readonly (readonly [string, readonly BotCommand[]])[];
}

export interface SavedChat {
  readonly id: number;
  readonly type: ChatType;
  readonly isForum: boolean;
  readonly migratedTo?: number;
  readonly view: Chat;
  readonly members: readonly number[];
  readonly bots: readonly (readonly [number, "member" | "left" | "kicked"])[];
  readonly topics: readonly Topic[];
  readonly messages: readonly Message[];
  readonly instance: string;
}
