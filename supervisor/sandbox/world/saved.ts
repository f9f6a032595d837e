import type { SandboxBot, SandboxChat, SavedBot, SavedChat } from "./model.ts";

/** Maps and sets to plain JSON and back. */

export function saveBot(bot: SandboxBot): SavedBot {
  return { ...bot, commands: [...bot.commands] };
}

export function restoreBots(saved: readonly SavedBot[]): Map<number, SandboxBot> {
  return new Map(saved.map((bot) => [bot.id, { ...bot, commands: new Map(bot.commands) }]));
}

export function saveChat(chat: SandboxChat): SavedChat {
  return {
    ...chat,
    members: [...chat.members],
    bots: [...chat.bots],
    topics: [...chat.topics.values()],
    messages: [...chat.messages.values()],
  };
}

export function restoreChats(saved: readonly SavedChat[]): Map<number, SandboxChat> {
  return new Map(
    saved.map((chat) => [
      chat.id,
      {
        ...chat,
        members: new Set(chat.members),
        bots: new Map(chat.bots),
        topics: new Map(chat.topics.map((topic) => [topic.threadId, topic])),
        messages: new Map(chat.messages.map((message) => [message.message_id, message])),
      },
    ]),
  );
}
